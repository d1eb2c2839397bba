"""Batches of images from files of records: reading, decoding, augmenting and normalizing, ahead of the consumer."""
