#include "xml/check.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

static const xmlNode *find_child(const xmlNode *node, const char *name)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, name) == 0) {
            return child;
        }
    }
    return NULL;
}

/* Does the element have a child of that name with something in it? */
static bool has_text(const xmlNode *node, const char *name)
{
    const xmlNode *child = find_child(node, name);
    return child != NULL && child->children != NULL;
}

static const char *check_channel(const xmlNode *channel)
{
    if (!has_text(channel, "title") || !has_text(channel, "link") ||
        !has_text(channel, "description")) {
        return "is a feed whose channel lacks its title, link or description";
    }
    for (const xmlNode *item = channel->children; item != NULL; item = item->next) {
        bool is_item =
            item->type == XML_ELEMENT_NODE && strcmp((const char *)item->name, "item") == 0;
        if (is_item && (!has_text(item, "title") || !has_text(item, "link") ||
                        !has_text(item, "guid") || !has_text(item, "pubDate"))) {
            return "is a feed with an item that lacks its title, link, guid or date";
        }
    }
    return NULL;
}

static const char *check_root(const xmlNode *root)
{
    if (root == NULL) {
        return "is XML without an element";
    }
    if (strcmp((const char *)root->name, "rss") != 0) {
        return NULL; /* a sitemap, a description of the search */
    }
    const xmlNode *channel = find_child(root, "channel");
    return channel == NULL ? "is a feed without a channel" : check_channel(channel);
}

const char *xml_check(struct str document)
{
    if (document.n > INT32_MAX) {
        return "is too large for XML";
    }
    xmlDoc *tree = xmlReadMemory(document.p, (int)document.n, NULL, NULL,
                                 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (tree == NULL) {
        return "is not well-formed XML";
    }
    const char *wrong = check_root(xmlDocGetRootElement(tree));
    xmlFreeDoc(tree);
    return wrong;
}
