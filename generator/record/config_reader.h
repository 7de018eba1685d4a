/*
 * config_reader: gongkai.yml into a configuration. For config.c alone.
 */
#ifndef RECORD_CONFIG_READER_H
#define RECORD_CONFIG_READER_H

#include "record/config.h"
#include "record/config_index.h"
#include "record/yaml.h"

enum { CONFIG_SIZE_MAX = 4 * 1024 * 1024, CONFIG_DEPTH_MAX = 24, CONFIG_NODES_MAX = 50000 };

struct config_reader {
    struct config *config;
    struct arena *arena;
    struct str path;
    struct diag *diag;
    struct config_index *index;
    int *org_lines, *item_lines; /* where each stands, for faults that name two places */
};

/* One key that a map may have. */
struct config_row {
    struct str key, zh;
    /* Reads the value into `out`, which lies `offset` bytes behind the map's own. */
    void (*read)(struct config_reader *reader, void *out, struct str name,
                 const struct yaml_node *node);
    size_t offset;
    bool is_required;
};

/* Reads a map by its rows; unknown, repeated and missing keys are faults. */
void config_read_map(struct config_reader *reader, void *out, const struct config_row *rows,
                     size_t count, const struct yaml_node *node);

/* A text without the blanks around it; false, with a fault, where it is none. */
bool config_take_text(struct config_reader *reader, struct str *out, struct str name,
                      const struct yaml_node *node);

void config_add(struct config_reader *reader, enum diag_code code, const struct yaml_node *node,
                struct diag_args args);

/* The tree of organisations and the list of items, which both fill the index, and the folders that
 * are not published. config_parts.c */
void config_read_orgs(struct config_reader *reader, void *out, struct str name,
                      const struct yaml_node *node);
void config_read_items(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node);

void config_read_ignored(struct config_reader *reader, void *out, struct str name,
                         const struct yaml_node *node);

/* What the site asks of its records. config_rules.c */
void config_read_rules(struct config_reader *reader, void *out, struct str name,
                       const struct yaml_node *node);

/* All of it. What is faulty keeps its default. */
void config_read(struct config *out, struct arena *arena, struct str path, struct str bytes,
                 struct diag *diag);

#endif
