package org.imgblstr.dist;

import java.nio.file.Path;

/** A library as Maven names it. */
record Artifact(String group, String name, String version) {
    /** Of a jar: its path within the local repository is GROUP/NAME/VERSION/FILE, the group with a folder for each part. */
    static Artifact ofJar(Path jar) {
        Path version = jar.getParent();
        Path name = version.getParent();
        return new Artifact(
                name.getParent().toString().replace('/', '.'),
                name.getFileName().toString(),
                version.getFileName().toString());
    }

    /** Of its POM, within the local repository. */
    Path pom() {
        return Path.of(group.replace('.', '/'), name, version, name + "-" + version + ".pom");
    }

    @Override
    public String toString() {
        return group + ":" + name + ":" + version;
    }
}
