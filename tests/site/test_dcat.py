#!/usr/bin/env python3
"""The catalogues (DCAT in JSON-LD) as another program reads them (Debian's python3-rdflib): what
DCAT-AP calls mandatory is there, and what is told of files and records is so."""
# builds: release asan
import hashlib
import os
import sqlite3
from urllib.parse import unquote

from support import Repository, Tap, all_files, debian, gongkai, read, scratch

rdflib = debian("rdflib")
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
FOAF = rdflib.Namespace("http://xmlns.com/foaf/0.1/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
XSD = rdflib.Namespace("http://www.w3.org/2001/XMLSchema#")
# DCAT-AP 3.0.1; of a checksum both.
MANDATORY = {
    DCAT.Catalog: [DCT.title, DCT.description, DCT.publisher],
    DCAT.Dataset: [DCT.title, DCT.description],
    DCAT.DatasetSeries: [DCT.title, DCT.description],
    DCAT.Distribution: [DCAT.accessURL],
    FOAF.Agent: [FOAF.name],
    SPDX.Checksum: [SPDX.algorithm, SPDX.checksumValue],
}
URL = "https://gongkai.yunxi.example/"


def graph_of(site, path):
    graph = rdflib.Graph()
    graph.parse(data=read(site, path).decode(), format="json-ld", publicID=URL + path)
    return graph


def faults_of(graph):
    faults = [f"{node} lacks {key}" for kind, keys in MANDATORY.items()
              for node in graph.subjects(rdflib.RDF.type, kind) for key in keys if not any(graph.objects(node, key))]
    faults += [f"{node} is a {kind}" for node, _, kind in graph.triples((None, rdflib.RDF.type, None))
               if str(kind).startswith(str(DCAT)) and kind not in MANDATORY]
    faults += [f"{agent} is no agent" for agent in set(graph.objects(None, DCT.publisher))
               if (agent, rdflib.RDF.type, FOAF.Agent) not in graph and "archive/org" not in agent]
    faults += [f"{term!r} has no value" for term in graph.objects(None, None)
               if isinstance(term, rdflib.Literal) and term.value is None and
               term.datatype in (XSD.dateTime, XSD.date, XSD.nonNegativeInteger, XSD.hexBinary)]
    return faults


def path_of(url):
    return unquote(str(url)[len(URL):]).split("#")[0]


def check_root(tap, site):
    graph = graph_of(site, "data/catalog.jsonld")
    tap.none("the site's has what is mandatory", faults_of(graph))
    file, = graph.subjects(rdflib.RDF.type, DCAT.Distribution)
    database = read(site, "data", "search.db")
    tap.same("the size", rdflib.Literal(len(database), datatype=XSD.nonNegativeInteger), graph.value(file, DCAT.byteSize))
    checksum = graph.value(graph.value(file, SPDX.checksum), SPDX.checksumValue)
    tap.same("the checksum", (hashlib.sha256(database).hexdigest(), XSD.hexBinary), (str(checksum), checksum.datatype))
    tap.same("by SHA-256", SPDX.checksumAlgorithm_sha256, graph.value(graph.value(file, SPDX.checksum), SPDX.algorithm))
    tap.ok("there is something to download", os.path.exists(os.path.join(site, path_of(graph.value(file, DCAT.downloadURL)))))
    catalogs = {path_of(catalog) for catalog in graph.objects(None, DCAT.catalog)}
    there = {path for path in all_files(site) if path.endswith("catalog.jsonld") and path.startswith("archive/")}
    tap.same("it leads to every organisation's", there, catalogs)
    return sorted(catalogs)


def check_orgs(tap, site, catalogs):
    db = sqlite3.connect(f"file:{site}/data/search.db?mode=ro&immutable=1", uri=True)
    whole, faults = rdflib.Graph(), []
    for path in catalogs:
        graph = graph_of(site, path)
        faults += [f"{path}: {fault}" for fault in faults_of(graph)]
        org = path.split("/")[2] if path.count("/") > 1 else ""
        want = {url for url, in db.execute("SELECT url FROM records WHERE org = ? AND id IN"
                                           " (SELECT record FROM tables)", [org])}
        got = {str(page)[len(URL) - 1:] for page in graph.objects(None, DCAT.landingPage)}
        faults += [f"{path}: {want ^ got}"] if want != got else []
        whole += graph
    tap.none(f"{len(catalogs)} organisations' have what is mandatory, and their records with tables", faults)
    files = [path_of(url) for url in whole.objects(None, DCAT.downloadURL)]
    tables = {url for url, in db.execute("SELECT url FROM tables")}
    tap.same("all CSV files are in one", {unquote(url)[1:] for url in tables}, set(files))
    tap.none("and are there", [file for file in files if not os.path.exists(os.path.join(site, file))])
    tap.none("and so is what describes them",
             [url for url in whole.objects(None, DCT.conformsTo) if not os.path.exists(os.path.join(site, path_of(url)))])
    identifiers = list(whole.objects(None, DCT.identifier))
    tap.ok("no two of one name", len(identifiers) == len(set(identifiers)) > 100, len(identifiers))
    for dataset, url in whole.subject_objects(DCAT.landingPage):
        created, updated = db.execute("SELECT created, updated FROM records WHERE url = ?", [str(url)[len(URL) - 1:]]).fetchone()
        faults += [] if (whole.value(dataset, DCT.issued).toPython().timestamp(),
                         whole.value(dataset, DCT.modified).toPython().timestamp()) == (created, updated) else [dataset]
    tap.none("when they were issued and changed, by the commits", faults)
    return whole


def check_series(tap, whole):
    series = rdflib.URIRef(URL + "archive/org/liuwan-collective/catalog.jsonld#series-finance-monthly")
    members = list(whole.subjects(DCAT.inSeries, series))
    tap.ok("monthly accounts are a series", len(members) >= 10, (len(members), sorted(set(whole.objects(None, DCAT.inSeries)))))
    walked, one = [], whole.value(series, DCAT.last)
    while one is not None and len(walked) <= len(members):
        walked.append(one)
        one = whole.value(one, DCAT.prev)
    tap.same("each leads to the one before, from the last on", sorted(members), sorted(walked))
    days = [whole.value(whole.value(member, DCT.temporal), DCAT.endDate).toPython() for member in walked[:5]]
    tap.same("and tells of which month it is", sorted(days, reverse=True), days)
    tap.ok("whose last day it has", all((day.replace(day=28).month == day.month and day.day >= 28) for day in days), days)


def check_free(tap, folder):
    repository = Repository(os.path.join(folder, "repository"))
    repository.write("a.md", "---\ntitle: 甲\n---\n\n| 日期 | 摘要 | 收入 |\n|---|---|---|\n| 2026-03-01 | 路灯 | 12 |\n")
    repository.commit()
    site = os.path.join(folder, "free")
    status, _, errors = gongkai("build", "-C", repository.path, "-o", site, "--theme", "themes/default")
    tap.ok("a site without a configuration builds", status == 0, errors)
    tap.same("its catalogue has the database alone", ["data/catalog.jsonld"],
             [path for path in all_files(site) if path.endswith(".jsonld")])
    tap.none("with what is mandatory", faults_of(graph_of(site, "data/catalog.jsonld")))
    repository.write("gongkai.yml", "title: 甲县\nurl: https://gongkai.yunxi.example/\nlicence: {name: 自由, url: 'https://a.example/cc0'}\n"
                                    "contact: {mail: 'a <b@c.example>'}\n")
    repository.commit()
    status, _, errors = gongkai("build", "-C", repository.path, "-o", site, "--theme", "themes/default")
    tap.ok("so does one whose address of mail is no IRI", status == 0, errors)
    whole = graph_of(site, "data/catalog.jsonld") + graph_of(site, "archive/catalog.jsonld")
    tap.none("what is nobody's is the site's", faults_of(whole))
    mail = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#").hasEmail
    tap.same("the licence, and where to write", [{"https://a.example/cc0"}, {"mailto:a%20%3Cb@c.example%3E"}],
             [set(map(str, whole.objects(None, DCT.license))), set(map(str, whole.objects(None, mail)))])


with Tap() as tap, scratch() as folder:
    site = os.path.join(folder, "content")
    status, _, errors = gongkai("build", "-C", ".", "--content", "content", "-o", site, "--as-of", "2026-11-20")
    tap.ok("the county's content builds", status == 0, errors)
    check_series(tap, check_orgs(tap, site, check_root(tap, site)))
    check_free(tap, folder)
