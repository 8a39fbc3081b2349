"""How fast do homes improve or get worse between inspections, and does an intervention change that?"""
