# Gongkai. `make help` lists the targets; README.md tells what they are for.
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

CC ?= cc
ifeq ($(origin CC),default)
CC := gcc
endif
PREFIX ?= /usr/local
PORT ?= 8080
VERSION := 0.1.0

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes $(WERROR)
GENERATOR_PACKAGES := libcmark libgit2 sqlite3 libxml-2.0 yaml-0.1 libutf8proc libcrypto
CGI_PACKAGES := sqlite3 libutf8proc
PACKAGE_FLAGS := $(shell pkg-config --cflags $(GENERATOR_PACKAGES) 2>/dev/null)
CPPFLAGS_ALL := -D_GNU_SOURCE -DGONGKAI_VERSION='"$(VERSION)"' -DGONGKAI_DATA='"$(PREFIX)/share/gongkai"' -Igenerator -Isite $(PACKAGE_FLAGS)
HARDEN := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

GENERATOR_SOURCES := $(wildcard generator/*.c generator/*/*.c) $(wildcard generator/*/*.S)
CGI_SOURCES := $(wildcard generator/base/*.c generator/search/*.c generator/theme/*.c site/cgi/*.c)
UNIT_TESTS := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))

# One set of rules per way of building: $(1) its name, $(2) its folder, $(3) compiler flags,
# $(4) linker flags.
define VARIANT
$(1)_generator := $$(patsubst %,$(2)/obj/%.o,$$(basename $$(GENERATOR_SOURCES)))
$(1)_library := $$(filter-out %/generator/main.o,$$($(1)_generator))
$(1)_cgi := $$(patsubst %.c,$(2)/obj/%.o,$$(CGI_SOURCES))
-include $$($(1)_generator:.o=.d) $$($(1)_cgi:.o=.d) $$(wildcard $(2)/obj/tests/*/*.d)

$(2)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$$(CC) -std=c11 $$(WARN) $$(CPPFLAGS_ALL) $(3) $$(CFLAGS) -MMD -MP -c -o $$@ $$<
$(2)/obj/%.o: %.S generator/record/schema.yml generator/store/schema.sql
	@mkdir -p $$(@D)
	$$(CC) -Igenerator -c -o $$@ $$<
$(2)/gongkai: $$($(1)_generator)
	$$(CC) $(3) $(4) -o $$@ $$^ $$(shell pkg-config --libs $$(GENERATOR_PACKAGES)) -lpthread
$(2)/search.cgi: $$($(1)_cgi)
	$$(CC) $(3) $(4) -o $$@ $$^ $$(shell pkg-config --libs $$(CGI_PACKAGES)) -lpthread
$(2)/unit/%: $(2)/obj/tests/unit/%.o $$($(1)_library)
	@mkdir -p $$(@D)
	$$(CC) $(3) $(4) -o $$@ $$^ $$(shell pkg-config --libs $$(GENERATOR_PACKAGES) cmocka) -lpthread
.SECONDARY: $$(patsubst %,$(2)/obj/tests/unit/%.o,$$(UNIT_TESTS))
endef
HARDEN_LINK := -pie -Wl,-z,relro,-z,now
$(eval $(call VARIANT,release,build,$$(HARDEN),$$(HARDEN_LINK)))
$(eval $(call VARIANT,asan,build/asan,$$(SANITIZE),))

.PHONY: all asan
all: build/gongkai build/search.cgi ## Build the release programs
asan: build/asan/gongkai build/asan/search.cgi ## Build with the sanitizers
