# What a developer types; each target is a script in Scripts/.

.PHONY: help setup demo test bench install format lint

help:
	@echo "make setup   install what is missing (root, or it says what to type)"
	@echo "make demo    run the example experiment, and look at its runs"
	@echo "make test    run everything that must pass"
	@echo "make bench   measure; compare with Sacred and TensorBoard"
	@echo "make install put the tool grail under PREFIX, /usr/local unless said"
	@echo "make format  format the Swift files"
	@echo "make lint    check their format"

setup:
	@Scripts/setup

demo: setup
	@Scripts/demo

test: setup
	@Scripts/check

bench: setup
	@Scripts/bench

install: setup
	@Scripts/install

format:
	@Scripts/format

lint:
	@Scripts/check lint
