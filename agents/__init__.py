"""Who decides: governments, primes, suppliers and the adversary, and what each may see."""
