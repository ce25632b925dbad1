# Hyojun Karte (標準カルテ): the few commands that matter. `make` lists them.
#
# The work is done by the small scripts in .make/, each of which says what and why.

.DEFAULT_GOAL := help
.PHONY: help setup build run test native wasm css fmt lint clean

help: ## この一覧 / this list
	@echo '標準カルテ — make <target>'
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | while IFS='|' read -r t d; do printf '  %-8s %s\n' "$$t" "$$d"; done

run: ## 準備・ビルドして、デモの2つの診療所で起動 / set up, build and start with demo data
	@.make/run.sh

test: ## 準備して、すべての試験 / set up and run every test
	@.make/test.sh

setup: ## 必要なものをそろえる / install what building needs (only what is missing)
	@.make/setup.sh build

build: setup native wasm css ## サーバーとブラウザ側をビルド / build server and browser parts

native: ## サーバー (karte) と模擬基盤 (karte-platform) / the two programs
	@.make/native.sh

wasm: ## ブラウザ側 (WebAssembly) / the browser's half
	@.make/wasm.sh

css: ## 見た目 (Tailwind CSS) / the look
	@.make/css.sh

fmt: ## 書式をそろえる / format
	@cargo fmt --all

lint: ## 書式と clippy と型の検査 / formatting, clippy, types of the browser tests
	@.make/lint.sh

clean: ## ビルドしたものを消す (診療データは消さない) / remove what was built, never a clinic's data
	@.make/clean.sh
