"""How far the estimate may be off: rules, methods side by side, pre-trends, doses and other interventions."""
