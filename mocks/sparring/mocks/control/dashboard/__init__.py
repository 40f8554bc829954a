"""The dashboard: what crosses the wire on a stage, seen by a person, who may turn its screws by hand."""
