package org.imgblstr.protocol.manifest.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.stream.Stream;
import org.imgblstr.protocol.manifest.ManifestTracks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests that go to a temporary file and come back. The test runs the work of the other thread when it likes. */
class DigestFileTest {
    private static final int CHUNKS = 200;

    @TempDir
    Path folder;

    private final Queue<Runnable> work = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();

    private DigestFile store(Path where) {
        return new DigestFile(where, work::add, () -> told.add("fetched"), e -> told.add("failed"), () -> {});
    }

    private void work() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    private static byte[] digests(int chunk) {
        byte[] digests = new byte[32 * ManifestTracks.CHUNK_TRACKS];
        new Random(chunk).nextBytes(digests);
        return digests;
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    @Test
    void whatWasPutComesBackAndTheFileHasNoName() throws IOException {
        try (DigestFile store = store(folder)) {
            for (int chunk = CHUNKS - 1; chunk >= 0; chunk--) {
                store.put(chunk, digests(chunk));
            }
            assertThat(store.get(3)).as("before it is written").isEqualTo(digests(3));
            work();
            assertThat(files()).isZero();

            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                assertThat(store.get(chunk)).isNull();
                assertThat(store.get(chunk)).isNull();
                work();
                assertThat(store.get(chunk)).as("chunk %d", chunk).isEqualTo(digests(chunk));
            }
            assertThat(told).hasSize(CHUNKS).containsOnly("fetched");
        }
    }

    @Test
    void onlyTheLastThatWereFetchedAreKept() throws IOException {
        try (DigestFile store = store(folder)) {
            for (int chunk = 0; chunk < 65; chunk++) {
                store.put(chunk, digests(chunk));
            }
            work();
            for (int chunk = 0; chunk < 65; chunk++) {
                store.get(chunk);
                work();
            }
            assertThat(store.get(64)).isNotNull();
            assertThat(store.get(0)).as("made room, and is fetched again").isNull();
            work();
            assertThat(store.get(0)).isEqualTo(digests(0));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsTold() throws IOException {
        try (DigestFile store = store(folder.resolve("none"))) {
            store.put(0, digests(0));
            work();
            assertThat(told).containsExactly("failed");
            assertThat(store.get(0)).as("it is still here").isEqualTo(digests(0));
        }
    }

    @Test
    void nothingIsDoneAfterTheEnd() throws IOException {
        DigestFile store = store(folder);
        store.put(0, digests(0));
        work();
        store.get(0);
        store.close();
        work();
        assertThat(told).isEmpty();
    }
}
