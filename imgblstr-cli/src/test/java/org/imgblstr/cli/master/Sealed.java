package org.imgblstr.cli.master;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.imgblstr.cli.common.secrets.KeyFiles;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;

/** Seals the sessions of tests that have nothing to say about secrets, by one key for all. A key file costs no time at the start, which a join code does. */
final class Sealed {
    private static final Set<String> CHOSEN = Set.of("--key-file", "--code", "--code-file", "--open");

    private static final class Keys {
        private static final Path MASTER;
        private static final Path SLAVE;

        static {
            try (KeyFile key = KeyFile.create(Primitives.best(), new SecureRandom()::nextBytes)) {
                Path folder = Files.createTempDirectory("imgblstr-test-key-");
                folder.toFile().deleteOnExit();
                MASTER = write(folder.resolve("room.key"), key);
                SLAVE = write(folder.resolve("room.key.slave"), key.as(KeyFile.Use.SLAVE));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Path write(Path file, KeyFile key) throws IOException {
            KeyFiles.write(file, key);
            file.toFile().deleteOnExit();
            return file;
        }
    }

    private Sealed() {}

    /** The words of a command of imgblstr, with the key when it broadcasts and names no secret. */
    static String[] master(String... words) {
        return List.of(words).contains("--broadcast") ? with(words, Keys.MASTER) : words;
    }

    /** The words of a command of imgslave, with the key when it names no secret. */
    static String[] slave(String... words) {
        return with(words, Keys.SLAVE);
    }

    /** The same for one that listens on loopback with little memory, and waits half a minute. {@code words}: what else it is told. */
    static String[] slaveOn(String group, String... words) {
        Stream<String> all =
                Stream.of("--interface", "lo", "--group", group, "--wait", "30s", "--window", "32", "--yes");
        return slave(Stream.concat(all, Arrays.stream(words)).toArray(String[]::new));
    }

    private static String[] with(String[] words, Path key) {
        boolean isChosen = Arrays.stream(words).anyMatch(CHOSEN::contains);
        return isChosen
                ? words
                : Stream.concat(Stream.of("--key-file", key.toString()), Arrays.stream(words))
                        .toArray(String[]::new);
    }
}
