"""FHIR resources of a plan's directory (HL7 Da Vinci PDex Plan-Net): the providers of each network, and where."""

from finder.intake.sources.payers.plan_net.reader import SOURCE, read, recognizes

__all__ = ["SOURCE", "read", "recognizes"]
