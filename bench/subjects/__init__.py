"""Who is measured: our providers, peers that do something like it, and limits that do nothing besides."""

from bench.subjects import limits, ours, peers

SUBJECTS = (*ours.SUBJECTS, *peers.SUBJECTS, *limits.SUBJECTS)
