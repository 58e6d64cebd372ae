# On Windows: python bootstrap.py demo|test|check
PYTHON ?= python3

.PHONY: demo test check setup
demo test check setup:
	@$(PYTHON) bootstrap.py $@
