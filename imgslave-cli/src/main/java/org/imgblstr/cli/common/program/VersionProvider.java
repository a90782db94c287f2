package org.imgblstr.cli.common.program;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the version of the build and the Java it runs on. */
public final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "${COMMAND-FULL-NAME} " + version(), "Java ${java.version} (${java.vendor}), ${os.name} ${os.arch}"
        };
    }

    /** The version of the build. */
    public static String version() {
        Properties properties = new Properties();
        try (InputStream in = VersionProvider.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("the program's own version.properties cannot be read", e);
        }
        return properties.getProperty("version");
    }
}
