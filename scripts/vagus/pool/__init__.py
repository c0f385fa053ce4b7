"""A pool of samples: how it is planned and cut into shards, for either engine."""
