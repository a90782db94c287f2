package org.imgblstr.protocol.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.codec.UnreadableMap;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.junit.jupiter.api.Test;

/** Manifests as lab/manifest.py computes them, made and checked by each form of the primitives. */
class ManifestVectorTest {
    private static final Path FILE = Path.of("src/test/resources/org/imgblstr/protocol/manifest/manifest.txt");
    private static final int RAW_BYTES = 1024;

    private record Vector(int tracks, long session, String seed, List<String> digestTracks, String raw, String root) {}

    private static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        for (String block : Files.readString(FILE).split("\n\n", -1)) {
            if (!block.startsWith("#")) {
                vectors.add(new Vector(
                        Integer.parseInt(values(block, "tracks").get(0)),
                        Long.parseUnsignedLong(values(block, "session").get(0), 16),
                        values(block, "seed").get(0),
                        values(block, "digest track"),
                        values(block, "raw").stream().findFirst().orElse(null),
                        values(block, "D").get(0)));
            }
        }
        return vectors;
    }

    private static List<String> values(String block, String name) {
        return block.lines()
                .filter(line -> line.startsWith(name + " = "))
                .map(line -> line.substring(name.length() + 3))
                .toList();
    }

    /** As kind() of lab/manifest.py. */
    private static TrackKind kind(int track) {
        if (track == 3 || track == 1030) {
            return TrackKind.PARTIAL;
        }
        if ((track >= 1020 && track < 1028) || track == 1) {
            return TrackKind.ZERO;
        }
        if ((track >= 2048 && track < 2060) || track == 4) {
            return TrackKind.UNREADABLE;
        }
        return track % 7 == 2 ? TrackKind.UNUSED : TrackKind.DATA;
    }

    private static byte[] digest(int track) {
        byte[] name = Primitives.best().hashing().sha256(("track " + track).getBytes(StandardCharsets.US_ASCII));
        ByteBuffer raw = ByteBuffer.allocateDirect(RAW_BYTES);
        while (raw.hasRemaining()) {
            raw.put(name);
        }
        UnreadableMap map = UnreadableMap.NONE;
        if (kind(track) == TrackKind.PARTIAL) {
            raw.put(0, new byte[RAW_BYTES / 2]);
            map = UnreadableMap.of(RAW_BYTES, BitSet.valueOf(new byte[] {1}));
        }
        return new TrackHasher().hash(raw.flip(), map);
    }

    @Test
    void theMasterMakesTheSame() throws IOException {
        assertThat(vectors()).extracting(Vector::tracks).containsExactly(5, 2500);
        for (Vector vector : vectors()) {
            for (Primitives primitives : Primitives.all()) {
                ManifestSignature signature = ManifestSignature.ofMaster(
                        primitives,
                        vector.session,
                        SecretBytes.copyOf(HexFormat.of().parseHex(vector.seed)));
                Manifest manifest = manifest(vector.tracks, signature);

                for (int i = 0; i < vector.digestTracks.size(); i++) {
                    ByteBuffer raw = manifest.raw(vector.tracks + i);
                    assertThat(raw.remaining()).isEqualTo(ManifestTracks.rawBytes(vector.tracks + i, vector.tracks));
                    assertThat(hex(Primitives.best().hashing().sha256(bytes(raw))))
                            .as("digest track %d, %s", i, primitives)
                            .isEqualTo(vector.digestTracks.get(i));
                    if (vector.raw != null) {
                        assertThat(hex(bytes(raw))).isEqualTo(vector.raw);
                    }
                }
                assertThat(hex(manifest.root())).isEqualTo(vector.root);
            }
        }
    }

    @Test
    void theSlaveTakesTheSame() throws IOException {
        for (Vector vector : vectors()) {
            for (Primitives primitives : Primitives.all()) {
                SecretBytes seed = SecretBytes.copyOf(HexFormat.of().parseHex(vector.seed));
                Manifest manifest =
                        manifest(vector.tracks, ManifestSignature.ofMaster(primitives, vector.session, seed));
                byte[] verify = primitives.signing().publicKey(seed);
                RecordedVerdicts verdicts = new RecordedVerdicts();
                ManifestCheck check = new ManifestCheck(
                        vector.tracks, ManifestSignature.ofSlave(primitives, vector.session, verify), verdicts);

                for (int track = 0; track < vector.tracks; track++) {
                    TrackKind kind = kind(track);
                    assertThat(
                                    kind.isEncoded()
                                            ? check.onTrack(track, kind, digest(track))
                                            : check.onSkipped(track, track + 1, kind))
                            .isTrue();
                }
                for (int i = 0; i < vector.digestTracks.size(); i++) {
                    assertThat(check.onDigestTrack(vector.tracks + i, manifest.raw(vector.tracks + i)))
                            .isTrue();
                }

                assertThat(verdicts.refused.cardinality()).isZero();
                assertThat(check.isWhole()).isTrue();
                assertThat(hex(check.root())).isEqualTo(vector.root);
            }
        }
    }

    private static Manifest manifest(int tracks, ManifestSignature signature) {
        Manifest manifest = new Manifest(tracks, new AllKinds(tracks), signature, new MemoryStore());
        for (int track = 0; track < tracks; track++) {
            if (kind(track).isEncoded()) {
                manifest.note(track, digest(track));
            }
        }
        manifest.onReached(0);
        return manifest;
    }

    private record AllKinds(int endTrack) implements Manifest.Kinds {
        @Override
        public TrackKind kindOf(int track) {
            return kind(track);
        }
    }

    private static byte[] bytes(ByteBuffer raw) {
        byte[] bytes = new byte[raw.remaining()];
        raw.duplicate().get(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void pythonSaysTheSameToday() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "../lab/manifest.py")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assumeTrue(process.waitFor() == 0, "python3-cryptography is not installed");

        assertThat(said).isEqualTo(Files.readString(FILE));
    }
}
