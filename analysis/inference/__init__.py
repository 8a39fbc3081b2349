"""Arrays in, arrays out: clustered variances, small-sample corrections, randomisation."""
