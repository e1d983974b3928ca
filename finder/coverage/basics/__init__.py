"""What the rest of coverage stands on: money, a visit, the words of a request, the fields of a JSON document."""
