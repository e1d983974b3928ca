"""The common base of coverage: money, visits, the vocabulary of requests, the fields of JSON documents."""
