/*
 * dcat: nodes of a catalogue in JSON-LD, for the files that draw one. Inside render/ only.
 *
 *     dcat_open(&json, render);
 *     dcat_open_node(&json, id, "dcat:Dataset");  ...  json_close(&json, '}');
 *     dcat_close(&json);
 *
 * DCAT 3 (W3C) with what DCAT-AP 3.0 must have. JSON-LD, since JSON has a writer and a strict
 * reader here, every harvester takes it, and it says the same as RDF/XML in a form that people can
 * read.
 */
#ifndef RENDER_DCAT_H
#define RENDER_DCAT_H

#include "render/columns.h"
#include "render/page.h"

/* "#catalog" or the like behind the address, both of the site: absolute. */
struct str dcat_iri(struct render *render, struct str url, const char *fragment);

/* The address of the catalogue of an organisation's records; of those of none for the empty key. */
struct str dcat_org_url(struct render *render, struct str org);

/* Has the organisation records with tables? */
bool dcat_has_datasets(struct render *render, struct str org);

/* The organisation's name, or the site's title for the empty key. */
struct str dcat_org_name(struct render *render, struct str org);

/* What every catalogue of an organisation's says of itself. */
void dcat_write_org_catalog(struct json *json, struct render *render, struct str org);

void dcat_open(struct json *json, struct render *render);
void dcat_close(struct json *json);

/* The node's `{`, its `@id` where `id` is not empty, and its `@type`. */
void dcat_open_node(struct json *json, struct str id, const char *type);

void dcat_pair_iri(struct json *json, const char *key, struct str iri);
void dcat_pair_typed(struct json *json, const char *key, struct str value, const char *type);
void dcat_pair_moment(struct json *json, const char *key, int64_t moment);

/* dct:title, dct:description, which is the title where nothing is said, dct:publisher. */
void dcat_write_about(struct json *json, struct str title, struct str description,
                      struct str publisher);
void dcat_write_licence(struct json *json, struct render *render);

/* A node of who publishes. */
void dcat_write_agent(struct json *json, struct str id, struct str name);

#endif
