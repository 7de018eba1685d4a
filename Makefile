# Gongkai. `make help` lists the targets; README.md tells what they are for.
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
SHELL := /bin/bash
CC_SHOWN = $(if $(V),,@echo '  CC  $@';)

ifeq ($(origin CC),default)
CC := gcc
endif
PREFIX ?= /usr/local
PORT ?= 8080
FUZZ_SECONDS ?= 60

# The libraries, or a word about how to get them: `make` installs nothing by itself.
GENERATOR_PACKAGES := libcmark libgit2 sqlite3 libxml-2.0 yaml-0.1 libutf8proc libcrypto libqrencode zlib
# pkg-config does not know the libdeflate of Debian 12.
PACKAGE_FLAGS := $(shell echo '\#include <libdeflate.h>' | $(CC) -E -x c - >/dev/null 2>&1 && \
	pkg-config --cflags $(GENERATOR_PACKAGES) 2>/dev/null || echo MISSING)
ifeq ($(PACKAGE_FLAGS),MISSING)
ifneq ($(filter-out help clean setup test lint demo site bench,$(or $(MAKECMDGOALS),all)),)
$(error Libraries are missing. Run scripts/setup, which installs them, then make again)
endif
endif
GENERATOR_LIBS := $(shell pkg-config --libs $(GENERATOR_PACKAGES) 2>/dev/null) -ldeflate -lpthread -lm
# A build is a new process too: with its libraries linked in it starts in 1 ms, not in 5, of which most went
# to what libgit2 and libxml2 would need for Kerberos and for rare encodings (generator/offline.c). Where
# one of them is there as a shared library alone, all are looked up at the start, as in the other variants.
LINKED_IN := -Wl,--wrap=mbedtls_x509_crt_parse_file -Wl,-Bstatic -lcmark -lgit2 -lsqlite3 -lxml2 -lyaml -lutf8proc \
	-lssh2 -lhttp_parser -lmbedtls -lmbedx509 -lmbedcrypto -lpcre2-8 -lcrypto -llzma -lz -ldeflate \
	-Wl,-Bdynamic -lqrencode -lpthread -lm
GONGKAI_LIBS = $(GENERATOR_LIBS)
build/gongkai: GONGKAI_LIBS = $(LINKED_IN)
build/gongkai: build/obj/generator/offline.o
# A search is a new process: what it needs is linked in, so that nothing is looked up at its start.
CGI_LIBS := -Wl,--as-needed -Wl,-Bstatic -lsqlite3 -lutf8proc -Wl,-Bdynamic -lxml2 -lm -lz -lpthread
# search.cgi has no shared library at all; loader.c stands for what would load one. It is moved to another
# place at each start, as every program here: that takes 0.07 of 1.2 ms. Its C library is musl's, which
# starts in a tenth of the time (site/cgi/libc.c); where that is not there, glibc's does as well.
SEARCH_LIBS := -static-pie -Wl,--wrap=dlopen,-u,__wrap_dlopen -lsqlite3 -lutf8proc
MUSL := $(patsubst %/rcrt1.o,%,$(wildcard /usr/lib/$(shell uname -m)-linux-musl/rcrt1.o))
ifneq ($(MUSL),)
build/search.cgi: CGI_LIBS := -nostdlib $(MUSL)/rcrt1.o -Wl,--wrap=memcpy $(SEARCH_LIBS) -L$(MUSL) -lc -lgcc
build/search.cgi: build/obj/site/cgi/libc.o
else
build/search.cgi: CGI_LIBS := $(SEARCH_LIBS) -lm
endif

GENERATOR_SOURCES := $(wildcard generator/*/*.c generator/*/*.S)
CGI_SOURCES := $(filter-out %_main.c %/libc.c generator/base/out_of_memory.c,$(wildcard site/cgi/*.c \
	$(addprefix generator/,base/*.c search/*.c theme/*.c xml/*.c)))
TEST_HELPERS := $(filter-out tests/unit/test_%,$(wildcard tests/unit/*.c))
UNIT_TESTS := $(patsubst tests/%.c,%,$(wildcard tests/unit/test_*.c))
TEST_TOOLS := $(patsubst tests/%.c,%,$(wildcard tests/tools/*.c))
FUZZERS := $(patsubst tests/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
C_FILES := $(wildcard generator/*.[ch] generator/*/*.[ch] site/cgi/*.[ch] tests/*/*.[ch])
SHELL_FILES := $(shell grep -lIE '^\#!.*[/ ](ba)?sh$$' scripts/* generator/commands/layout/* site/server/gitolite-* .ci/run tests/*/*.sh 2>/dev/null)

# The version that a site is stamped with changes with any source, so that a new program is known.
SOURCES := $(sort $(GENERATOR_SOURCES) $(wildcard generator/*.c generator/*/*.h generator/*/*.sql generator/*/*.yml \
	generator/base/diag.def generator/commands/layout/* site/cgi/*.[ch]))
VERSION := 0.1.0-$(shell cat $(SOURCES) | sha256sum | cut -c1-12)
VERSIONED := $(basename $(shell grep -l GONGKAI_VERSION generator/*.c generator/*/*.c site/cgi/*.c tests/unit/*.c))
$(shell mkdir -p build; echo $(VERSION) | cmp -s - build/version || echo $(VERSION) >build/version)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
CPP_FLAGS := -D_GNU_SOURCE -DGONGKAI_VERSION='"$(VERSION)"' \
	-DGONGKAI_DATA='"$(PREFIX)/share/gongkai"' -Igenerator -Isite -Itests $(PACKAGE_FLAGS)
HARDENED := -O3 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fPIE $(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
HARDENED_LINK := -pie -Wl,-z,relro,-z,now,-z,noexecstack
SANITIZED := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZED := $(SANITIZED) -fsanitize=fuzzer-no-link

# A way of building: $(1) its folder, $(2) compiler, $(3) its flags, $(4) flags of the linker.
define VARIANT
$(1)_libraries := $(1)/libgongkai.a $(1)/libcgi.a
-include $$(shell find $(1)/obj -name '*.d' 2>/dev/null)

$(1)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$$(CC_SHOWN)$(2) -std=c11 $$(WARNINGS) $$(CPP_FLAGS) $(3) $$(CFLAGS) -MMD -MP -c -o $$@ $$<
$(1)/obj/%.o: %.S $$(wildcard generator/*/*.sql generator/*/*.yml generator/commands/layout/* site/server/* content/字段一览.md)
	@mkdir -p $$(@D)
	$$(CC_SHOWN)$(2) -c -o $$@ $$<
$$(patsubst %,$(1)/obj/%.o,$$(VERSIONED)): build/version
$(1)/libgongkai.a: $$(patsubst %,$(1)/obj/%.o,$$(basename $$(GENERATOR_SOURCES)))
$(1)/libcgi.a: $$(CGI_SOURCES:%.c=$(1)/obj/%.o)
$$($(1)_libraries):
	@rm -f $$@; ar rcs $$@ $$^
$(1)/search.cgi: $(1)/obj/site/cgi/search_main.o
$(1)/search-feed.cgi: $(1)/obj/site/cgi/feed_main.o
$(1)/gongkai: $(1)/obj/generator/main.o $(1)/libgongkai.a
	$$(CC_SHOWN)link='$(2) $(3) $(4) $$(LDFLAGS) -o $$@ $$^'; \
	  $$$$link $$(GONGKAI_LIBS) 2>/dev/null || $$$$link $$(GENERATOR_LIBS)
# Copied, they lie in the kernel's cache in few large pieces, not in the many that a linker writes: each
# process maps them in fewer steps, which is a tenth of a search.
$(1)/search.cgi $(1)/search-feed.cgi: $(1)/libcgi.a
	$$(CC_SHOWN)$(2) $(3) $(4) $$(LDFLAGS) -o $$@.linked $$(filter %.o,$$^) $$(filter %.a,$$^) $$(CGI_LIBS)
	@cp --remove-destination $$@.linked $$@ && rm $$@.linked
$(1)/unit/%: $(1)/obj/tests/unit/%.o $$(TEST_HELPERS:%.c=$(1)/obj/%.o) $$($(1)_libraries)
	@mkdir -p $$(@D)
	$$(CC_SHOWN)$(2) $(3) $(4) -o $$@ $$^ $$(GENERATOR_LIBS) -lcmocka
$(1)/tools/broken_gongkai: $(1)/obj/generator/main.o
$(1)/tools/broken_gongkai: TOOL_LINK := -Wl,--wrap=output_draw
$(1)/tools/%: $(1)/obj/tests/tools/%.o $$($(1)_libraries)
	@mkdir -p $$(@D)
	$$(CC_SHOWN)$(2) $(3) $(4) $$(TOOL_LINK) -o $$@ $$(filter %.o,$$^) $$(filter %.a,$$^) $$(GENERATOR_LIBS)
$(1)/fuzz/%: $(1)/obj/tests/fuzz/%.o $$(if $$(filter build/fuzz,$(1)),,$(1)/obj/tests/fuzz/replay.o) \
	$$($(1)_libraries)
	@mkdir -p $$(@D)
	$$(CC_SHOWN)$(2) $(3) $$(if $$(filter build/fuzz,$(1)),-fsanitize=fuzzer,$(4)) -o $$@ $$^ \
		$$(GENERATOR_LIBS)
$(1): $(1)/gongkai $(1)/search.cgi $(1)/search-feed.cgi
$(1)-tests: $(1) $$(addprefix $(1)/,$$(UNIT_TESTS) $$(TEST_TOOLS))
.PHONY: $(1) $(1)-tests
endef
$(eval $(call VARIANT,build,$$(CC),$$(HARDENED),$$(HARDENED_LINK)))
$(eval $(call VARIANT,build/asan,$$(CC),$$(SANITIZED),))
$(eval $(call VARIANT,build/tsan,$$(CC),-O1 -g -fsanitize=thread,))
$(eval $(call VARIANT,build/fuzz,clang,$$(FUZZED),))
.SECONDARY:

.PHONY: all asan tsan tests setup test lint bench soak fuzz install demo site clean help
all: build ## Build the release programs into build/ (V=1 shows the commands)
asan: build/asan ## Build with the address and undefined-behaviour sanitizers into build/asan/
tsan: build/tsan ## Build with the thread sanitizer into build/tsan/
tests: build-tests build/asan-tests $(addprefix build/asan/,$(FUZZERS)) # What `make test` runs
setup: ; @scripts/setup build test bench ## Install all that building, tests and bench need
test: ; @scripts/test ## Install what tests need, build, run every test
lint: ; @scripts/setup build lint && scripts/lint "$(C_FILES)" "$(SHELL_FILES)" ## Look at the sources
bench: ; @scripts/setup build bench && $(MAKE) all && scripts/bench $(SIZES) ## Measure, beside other programs (SIZES="1000 10000")
soak: ; @SOAK=1 scripts/test ## The tests that go on for long, in their long form
fuzz: $(addprefix build/fuzz/,$(FUZZERS)) ## Fuzz each reader for FUZZ_SECONDS (60)
	@for name in $(FUZZERS:fuzz/fuzz_%=%); do mkdir -p build/corpus/$$name; \
	  build/fuzz/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=1024 \
	    -artifact_prefix=build/corpus/ build/corpus/$$name tests/fuzz/corpus/$$name || exit; done
install: all ## Install below PREFIX (/usr/local), inside DESTDIR
	install -D -m 755 build/gongkai $(DESTDIR)$(PREFIX)/bin/gongkai
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/lib/gongkai/cgi build/search.cgi build/search-feed.cgi
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/gongkai/server site/server/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/gongkai/themes/default/strings themes/default/strings/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/gongkai/themes/default \
	  $(wildcard themes/default/*.mustache themes/default/*.css)
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/gongkai README.md
	for part in generator site themes content; do install -D -m 644 $$part/README.md \
	  $(DESTDIR)$(PREFIX)/share/doc/gongkai/$$part.md || exit; done
demo: ; @PORT=$(PORT) scripts/demo ## Publish content/ and serve it on 127.0.0.1, PORT (8080)
site: ; @scripts/demo --no-server ## Publish content/ of HEAD to site/public
clean: ; rm -rf build site/public site/.public.gongkai ## Remove what was built and published
help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 12
