lint:
	swift format lint --strict --recursive --parallel Package.swift Sources Tests
format:
	swift format --in-place --recursive --parallel Package.swift Sources Tests
.PHONY: lint format
