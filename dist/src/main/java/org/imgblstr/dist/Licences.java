package org.imgblstr.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The licences of an artifact: what its POM says, or the nearest parent of that POM that says something. */
final class Licences {
    /** SPDX identifiers, by the names that POMs use. */
    private static final Map<String, String> SPDX = Map.of(
            "Apache License, Version 2.0", "Apache-2.0",
            "The Apache Software License, Version 2.0", "Apache-2.0",
            "The Apache Software License, version 2.0", "Apache-2.0",
            "BSD 2-Clause License", "BSD-2-Clause",
            "The BSD License", "BSD-3-Clause", // JLine's name for it
            "Apache-2.0", "Apache-2.0",
            "EPL-2.0", "EPL-2.0",
            "LGPL-2.1-only", "LGPL-2.1-only",
            "LGPL-2.1-or-later", "LGPL-2.1-or-later",
            "MIT", "MIT");

    private final Path repository;

    /** {@code repository}: Maven's local one, with each POM that the build has used. */
    Licences(Path repository) {
        this.repository = repository;
    }

    /**
     * SPDX identifiers in alphabetical order, joined by "or": each of them may be chosen.
     *
     * @throws ListException when no POM names a licence, or one that this class does not know
     */
    String of(Artifact artifact) {
        Element project = read(repository.resolve(artifact.pom()));
        List<String> names = new ArrayList<>();
        for (Element licence : children(child(project, "licenses"), "license")) {
            names.add(spdx(artifact, text(licence, "name")));
        }
        if (!names.isEmpty()) {
            return String.join(" or ", names.stream().sorted().toList());
        }
        Element parent = child(project, "parent");
        if (parent == null) {
            throw new ListException("neither the POM of " + artifact + " nor a parent of it names a licence");
        }
        return of(new Artifact(text(parent, "groupId"), text(parent, "artifactId"), text(parent, "version")));
    }

    private static String spdx(Artifact artifact, String name) {
        String spdx = SPDX.get(name);
        if (spdx == null) {
            throw new ListException("the POM of " + artifact + " names the licence \"" + name
                    + "\", which Licences.java does not know: read the licence, then add it there");
        }
        return spdx;
    }

    private static Element read(Path pom) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(pom.toFile())
                    .getDocumentElement();
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new ListException("cannot read " + pom + ": " + e);
        }
    }

    private static String text(Element parent, String name) {
        Element found = child(parent, name);
        return found == null ? "" : found.getTextContent().strip();
    }

    private static Element child(Element parent, String name) {
        return children(parent, name).stream().findFirst().orElse(null);
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent == null ? null : parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
