# 考评：make 看帮助，make demo 看演示，make test 跑测试。除 Python ≥ 3.11（含 venv）、make、git 外不需要预装任何东西。
PYTHON ?= python3
PORT ?= 8000
STAGE ?=
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install demo test lint lock clean

help: ## 显示这份帮助
	@echo '考评 Kaoping'
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'
	@echo '  演示停在某一阶段：make demo STAGE=plan|routine|evaluation|self-review|review|preview|appeals|published'
	@echo '  换起始端口：make demo PORT=9000'

install: $(VENV)/.run ## 装好运行所需的环境，不启动什么
	@echo '装好了：$(BIN)/kaoping'

demo: $(VENV)/.run ## 装好环境，建好演示数据，启动内外两面
	@$(BIN)/kaoping demo --port $(PORT) $(if $(STAGE),--stage $(STAGE))

test: $(VENV)/.dev ## 装好环境，跑全部不需浏览器和数据库服务器的测试
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

lint: $(VENV)/.dev ## 格式、类型、引用规矩
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/python -m tests.any_share
	@$(BIN)/lint-imports

lock: $(VENV)/.uv ## 重新锁定依赖（不记录软件源地址）
	@$(BIN)/uv pip compile -q pyproject.toml --extra postgres --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 --upgrade -o requirements/run.txt
	@$(BIN)/uv pip compile -q pyproject.toml --extra postgres --group dev -c requirements/run.txt --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11 --upgrade -o requirements/dev.txt

clean: ## 删去环境与演示数据
	@rm -rf $(VENV) demo-data

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo '需要 Python 3.11 或更新；可用 make PYTHON=python3.12 指明'; exit 1; }
	@echo '建立 $(VENV)…'
	@$(PYTHON) -m venv $(VENV) || { echo '建不了虚拟环境：请先装上 venv（Debian：apt install python3-venv）'; exit 1; }
	@$(BIN)/python -m pip install -q uv
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements/run.txt pyproject.toml
	@echo '安装运行所需的包…'
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo '安装测试所需的包…'
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@
