"""The same answers for programs: JSON, OpenAPI, FHIR."""
