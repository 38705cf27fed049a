# nnexp: `make help` says what there is. Variables: MODE=release|debug|asan|tsan, CC, MARCH, WERROR=1, V=1, PREFIX,
# DESTDIR, NO_INSTALL=1.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

MODE ?= release
ifeq ($(origin CC),default)
CC := $(or $(firstword $(foreach cc,gcc clang,$(if $(shell command -v $(cc)),$(cc)))),gcc)
endif
MARCH ?= native
PREFIX ?= /usr/local
V ?= 0
Q := $(if $(filter 0,$(V)),@)
say = $(if $(filter 0,$(V)),@printf '  %-8s %s\n' $(1) $(2))

# ---- flags -------------------------------------------------------------------------------------------
# Never -Ofast or -ffast-math: they make isnan() false, and divergence goes unseen. -ffp-contract=off: the same
# sums whatever the compiler would fuse.
warnings := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef \
            $(if $(WERROR),-Werror)
numbers := -fno-math-errno -fno-trapping-math -ffp-contract=off
# Whole registers where the processor has AVX-512: gcc and clang would take half of each. Others take what they have.
wide := $(if $(filter x86_64%,$(shell $(CC) -dumpmachine 2>/dev/null)),-mprefer-vector-width=512)
mode_release := -O3 -g -march=$(MARCH) $(wide)
mode_debug := -O0 -g3
mode_asan := -O1 -g -march=$(MARCH) -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
mode_tsan := -O1 -g -march=$(MARCH) -fsanitize=thread
ifeq ($(filter $(MODE),release debug asan tsan),)
$(error unknown MODE '$(MODE)'; use release, debug, asan or tsan)
endif

packages := libcjson openblas lapacke zlib
test_packages := cmocka
pkg_cflags = $(shell pkg-config --cflags $(1) 2>/dev/null)
pkg_libs = $(shell pkg-config --libs $(1) 2>/dev/null)
CPPFLAGS_ALL := -Isrc -D_GNU_SOURCE $(call pkg_cflags,$(packages)) $(CPPFLAGS)
CFLAGS_ALL := -std=gnu11 $(mode_$(MODE)) $(numbers) $(warnings) -pthread $(CFLAGS)
LIBS := $(call pkg_libs,$(packages)) -lm -pthread
LDFLAGS_ALL := $(filter -fsanitize=%,$(mode_$(MODE))) $(LDFLAGS)

# ---- files -------------------------------------------------------------------------------------------
build := build/$(MODE)$(if $(filter-out gcc,$(notdir $(CC))),-$(notdir $(CC)))
sources := $(sort $(wildcard src/*/*.c))
main := src/cli/main.c
library_sources := $(filter-out $(main),$(sources))
library := $(build)/libnnexp.a
double_sources := $(filter src/base/% src/nn/%,$(library_sources))
double_library := $(build)/libnnexp-double.a
object = $(patsubst %.c,$(build)/$(1)/%.o,$(2))
binary := $(build)/nnexp
unit_sources := $(sort $(wildcard tests/unit/*.c))
slow_sources := $(sort $(wildcard tests/slow/*.c))
double_test_sources := $(sort $(wildcard tests/double/*.c))
unit_tests := $(patsubst tests/%.c,$(build)/tests/%,$(unit_sources))
slow_programs := $(patsubst tests/%.c,$(build)/tests/%,$(slow_sources))
double_tests := $(patsubst tests/%.c,$(build)/tests/%,$(double_test_sources))

# ---- building ----------------------------------------------------------------------------------------
.PHONY: all help demo test check study bench format install uninstall clean data mutants programs FORCE

all: nnexp  ## build ./nnexp (the default)

# By content, not by time: another MODE or CC may have left a newer one.
nnexp: $(binary) FORCE
	$(Q)cmp -s $< $@ || { cp -f $< $@.new && mv -f $@.new $@; }

# Whatever changes the compiler's command line rebuilds: the stamp's time moves only when its text does.
stamp := $(build)/flags
flags_text := $(CC) $(shell $(CC) -dumpfullversion -dumpversion 2>/dev/null) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(LIBS)
$(stamp): FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(flags_text)' | cmp -s - $@ || printf '%s\n' '$(flags_text)' > $@

define compile
@mkdir -p $(@D)
$(call say,CC,$<)
$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(1) -MMD -MP -c $< -o $@
endef
$(build)/real/%.o: %.c $(stamp)
	$(call compile)
$(build)/double/%.o: %.c $(stamp)
	$(call compile,-DREAL_IS_DOUBLE)

$(library): $(call object,real,$(library_sources))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^
$(double_library): $(call object,double,$(double_sources))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^
$(binary): $(call object,real,$(main)) $(library)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -o $@

# ---- tests -------------------------------------------------------------------------------------------
test_libs = $(call pkg_libs,$(test_packages)) $(LIBS)
$(build)/tests/unit/%: $(build)/real/tests/unit/%.o $(library)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(test_libs) -o $@
$(build)/tests/slow/%: $(build)/real/tests/slow/%.o $(library)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(test_libs) -o $@
$(build)/tests/double/%: $(build)/double/tests/double/%.o $(double_library)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(test_libs) -o $@
programs: $(unit_tests) $(slow_programs) $(double_tests) $(build)/tests/bench/activation
.SECONDARY:

install_deps := NO_INSTALL='$(NO_INSTALL)' scripts/install_deps.sh
# A fresh make, because what was just installed changes the flags.
again := $(MAKE) --no-print-directory MODE=$(MODE) CC='$(CC)'
export NNEXP := $(binary)

demo:  ## install what is missing, build, train configs/relu_he.json, draw its pictures
	$(Q)$(install_deps) build plot
	$(Q)$(again) all
	$(Q)./nnexp --config configs/relu_he.json --force
	$(Q)scripts/plot.sh runs/relu_he

test:  ## install what is missing, build, run every test
	$(Q)$(install_deps) build test plot
	$(Q)$(install_deps) cluster || echo 'the tests that need these are skipped'
	$(Q)$(again) test-here

check:  ## the quick tests, under a minute
	$(Q)$(install_deps) build test plot
	$(Q)$(again) check-here

quick_tests = tests/layers.sh $(unit_tests) $(double_tests) $(sort $(wildcard tests/cli/*.bats))
slow_tests = $(slow_programs) $(sort $(wildcard tests/slow/*.bats))
.PHONY: check-here test-here
check-here: nnexp programs
	$(Q)tests/prove.sh $(quick_tests)
test-here: nnexp programs
	$(Q)tests/prove.sh $(quick_tests) $(slow_tests)

mutants: nnexp programs  ## break the code in chosen places: each must turn a test red
	$(Q)tests/mutants.sh

STUDY ?= runs/study
study:  ## the notes put to the test: runs/study/index.html (ROWS="1 13": some of them; STUDY=: another directory)
	$(Q)$(install_deps) build plot
	$(Q)$(again) study-here

.PHONY: study-here
study-here: nnexp $(build)/tests/bench/activation
	$(Q)mkdir -p '$(STUDY)' && $(build)/tests/bench/activation > '$(STUDY)/activation_costs.csv'
	$(Q)scripts/study.sh --out '$(STUDY)' $(ROWS)

benches := $(addprefix $(build)/tests/bench/,bench augment csv activation)
bench: $(benches) nnexp  ## seconds beside the matrix products alone, to read large CSV files, and of a sweep beside PyTorch
	$(Q)for program in $(benches); do OPENBLAS_NUM_THREADS=1 $$program || failed=1; done; \
	    python3 tests/bench/sweep.py ./nnexp || failed=1; exit $${failed:-0}
$(build)/tests/bench/%: $(build)/real/tests/bench/%.o $(library)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) $^ $(LIBS) -o $@

# ---- the rest ----------------------------------------------------------------------------------------
data: nnexp  ## make the files in data/ anew, byte for byte
	$(Q)scripts/make_data.sh

format:  ## clang-format the sources
	$(Q)clang-format -i src/*/*.[ch] tests/*/*.c

bindir := $(DESTDIR)$(PREFIX)/bin
sharedir := $(DESTDIR)$(PREFIX)/share/nnexp
install: nnexp $(build)/tests/bench/activation  ## PREFIX (/usr/local) and DESTDIR as usual
	install -d $(bindir) $(sharedir)/scripts/parts $(sharedir)/configs/notes $(sharedir)/data
	install -m 755 nnexp $(bindir)/nnexp
	install -m 755 scripts/*.sh $(sharedir)/scripts
	install -m 644 $(filter-out %.sh,$(wildcard scripts/parts/*)) $(sharedir)/scripts/parts
	install -m 755 scripts/parts/*.sh $(sharedir)/scripts/parts
	install -m 755 $(build)/tests/bench/activation $(sharedir)/scripts/parts/activation_costs
	install -m 644 configs/*.json $(sharedir)/configs
	install -m 644 configs/notes/*.json $(sharedir)/configs/notes
	install -m 644 data/*.csv data/README.md $(sharedir)/data

uninstall:  ## removes what install put there
	rm -f $(bindir)/nnexp
	rm -rf $(sharedir)

clean:  ## remove what was built (runs stay)
	rm -rf build nnexp

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile
	@echo "  MODE=release|debug|asan|tsan  CC=gcc|clang  MARCH=native  WERROR=1  V=1  PREFIX=  DESTDIR=  NO_INSTALL=1"

-include $(shell find $(build) -name '*.d' 2>/dev/null)
