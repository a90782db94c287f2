package org.imgblstr.protocol.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.SecretBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a slave believes of what came: only what the master has signed, in whatever order the two come. */
class ManifestCheckTest {
    private static final int CHUNK = ManifestTracks.CHUNK_TRACKS;
    private static final Primitives PRIMITIVES = Primitives.best();
    private static final long SESSION = 7;

    private final SecretBytes seed = SecretBytes.random(32, new Random(1)::nextBytes);
    private final RecordedVerdicts verdicts = new RecordedVerdicts();

    private static byte[] digest(int track) {
        return PRIMITIVES.hashing().sha256(new byte[] {(byte) track, (byte) (track >> 8), (byte) (track >> 16)});
    }

    private static TrackKind kind(int track) {
        return switch (track % 11) {
            case 2, 3 -> TrackKind.ZERO;
            case 5 -> TrackKind.UNUSED;
            case 7 -> TrackKind.PARTIAL;
            case 9 -> TrackKind.UNREADABLE;
            default -> TrackKind.DATA;
        };
    }

    private ByteBuffer signed(int digestTrack, int tracks) {
        return signedBy(seed, digestTrack, tracks);
    }

    private static ByteBuffer signedBy(SecretBytes key, int digestTrack, int tracks) {
        Manifest manifest = new Manifest(
                tracks,
                new Manifest.Kinds() {
                    @Override
                    public int endTrack() {
                        return tracks;
                    }

                    @Override
                    public TrackKind kindOf(int track) {
                        return kind(track);
                    }
                },
                ManifestSignature.ofMaster(PRIMITIVES, SESSION, key),
                new MemoryStore());
        int first = ManifestTracks.firstTrack(digestTrack - tracks);
        for (int track = first; track < ManifestTracks.endTrack(digestTrack - tracks, tracks); track++) {
            if (kind(track).isEncoded()) {
                manifest.note(track, digest(track));
            }
        }
        manifest.onReached(first);
        return manifest.raw(digestTrack);
    }

    private ManifestCheck check(int tracks) {
        byte[] verify = PRIMITIVES.signing().publicKey(seed);
        return new ManifestCheck(tracks, ManifestSignature.ofSlave(PRIMITIVES, SESSION, verify), verdicts);
    }

    private static boolean take(ManifestCheck check, int track) {
        TrackKind kind = kind(track);
        return kind.isEncoded() ? check.onTrack(track, kind, digest(track)) : check.onSkipped(track, track + 1, kind);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void inWhateverOrderTheyComeAllIsRightInTheEndAndOnlyThen(long order) {
        int tracks = 3 * CHUNK + 17;
        ManifestCheck check = check(tracks);
        List<Integer> all = new ArrayList<>();
        for (int track = 0; track < tracks + ManifestTracks.count(tracks); track++) {
            all.add(track);
        }
        Collections.shuffle(all, new Random(order));
        for (int track : all) {
            assertThat(check.isWhole()).isFalse();
            if (track < tracks) {
                assertThat(take(check, track)).isTrue();
            } else {
                assertThat(check.onDigestTrack(track, signed(track, tracks))).isTrue();
                assertThat(check.isWanted(track)).isFalse();
            }
        }

        assertThat(check.isWhole()).isTrue();
        assertThat(verdicts.right.cardinality()).isEqualTo(tracks);
        assertThat(verdicts.refused.isEmpty()).isTrue();
    }

    @Test
    void whatTheMasterDidNotSendIsRefusedAndMayComeAgain() {
        ManifestCheck check = check(CHUNK);
        for (int track = 0; track < CHUNK; track++) {
            if (track == 100) {
                check.onTrack(track, kind(track), digest(track + 1));
            } else if (track == 200) {
                check.onSkipped(track, track + 1, TrackKind.UNREADABLE);
            } else {
                take(check, track);
            }
        }
        check.onDigestTrack(CHUNK, signed(CHUNK, CHUNK));
        assertThat(verdicts.refused.stream()).containsExactly(100, 200);
        assertThat(check.isWhole()).isFalse();

        check.onTrack(100, kind(100), digest(99));
        assertThat(check.isRight(100)).isFalse();
        take(check, 100);
        take(check, 200);

        assertThat(check.isRight(100)).isTrue();
        assertThat(check.isWhole()).isTrue();
    }

    @Test
    void aFalseKindIsRefusedWhateverTheBytes() {
        ManifestCheck check = check(CHUNK);
        check.onDigestTrack(CHUNK, signed(CHUNK, CHUNK));

        check.onTrack(0, TrackKind.PARTIAL, digest(0));
        check.onSkipped(0, 2, TrackKind.ZERO);
        check.onSkipped(2, 4, TrackKind.UNUSED);
        check.onTrack(2, TrackKind.DATA, new byte[32]);

        assertThat(verdicts.right.isEmpty()).isTrue();
        assertThat(verdicts.refused.stream()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whatIsRightStaysRightWhateverComesLater() {
        ManifestCheck check = check(CHUNK);
        check.onDigestTrack(CHUNK, signed(CHUNK, CHUNK));
        take(check, 0);

        assertThat(check.onTrack(0, kind(0), digest(1))).isTrue();

        assertThat(check.isRight(0)).isTrue();
        assertThat(verdicts.refused.isEmpty()).isTrue();
    }

    @Test
    void eachBitOfADigestTrackCounts() {
        int tracks = 20;
        for (int bit = 0; bit < 8 * ManifestTracks.rawBytes(tracks, tracks); bit++) {
            ByteBuffer raw = signed(tracks, tracks);
            raw.put(bit / 8, (byte) (raw.get(bit / 8) ^ 1 << bit % 8));
            assertThat(check(tracks).onDigestTrack(tracks, raw))
                    .as("bit %d", bit)
                    .isFalse();
        }
        assertThat(check(tracks).onDigestTrack(tracks, signed(tracks, tracks))).isTrue();
    }

    @Test
    void aDigestTrackOfAnotherLengthPlaceOrMasterIsNone() {
        int tracks = 3 * CHUNK;
        ManifestCheck check = check(tracks);
        ByteBuffer raw = signed(tracks, tracks);
        SecretBytes other = SecretBytes.random(32, new Random(2)::nextBytes);

        assertThat(check.onDigestTrack(tracks, raw.duplicate().limit(raw.limit() - 1)))
                .isFalse();
        assertThat(check.onDigestTrack(tracks + 1, raw)).isFalse();
        assertThat(check.onDigestTrack(tracks, signedBy(other, tracks, tracks))).isFalse();
        assertThat(check.onTrack(0, TrackKind.DATA, digest(0))).isTrue();
        assertThat(check.isWanted(tracks)).isTrue();
        assertThat(check.onDigestTrack(tracks, raw)).isTrue();
        assertThat(check.isWanted(tracks)).isFalse();
    }

    @Test
    void whatIsNotJudgedIsBoundedAndTheMastersPassAlwaysHasRoom() {
        int tracks = 200 * CHUNK;
        ManifestCheck check = check(tracks);
        for (int chunk = 100; chunk < 100 + ManifestCheck.MOST_CHUNKS; chunk++) {
            assertThat(check.onTrack(chunk * CHUNK, TrackKind.DATA, digest(0))).isTrue();
        }
        assertThat(check.onTrack(180 * CHUNK, TrackKind.DATA, digest(0)))
                .as("further on than all that wait")
                .isFalse();

        assertThat(take(check, 0)).as("what comes first makes room").isTrue();
        assertThat(verdicts.forgotten.stream()).containsExactly((100 + ManifestCheck.MOST_CHUNKS - 1) * CHUNK);
        for (int chunk = 0; chunk < ManifestCheck.MOST_CHUNKS; chunk++) {
            assertThat(check.onDigestTrack(tracks + chunk, signed(tracks + chunk, tracks)))
                    .isTrue();
        }
        assertThat(check.onDigestTrack(tracks + 64, signed(tracks + 64, tracks)))
                .as("nothing waits for the first one, which can come again")
                .isTrue();
        assertThat(take(check, 1)).isTrue();
        assertThat(check.isWanted(tracks)).as("now something waits for it").isTrue();
        assertThat(check.onDigestTrack(tracks, signed(tracks, tracks))).isTrue();
        assertThat(check.isRight(1)).isTrue();
    }

    @Test
    void whatCameWhileNobodyElseHadAKeyIsRightAndNeedsNoDigestTrack() {
        ManifestCheck check = check(2 * CHUNK);

        check.onTrusted(0, CHUNK + 100);
        check.onTrusted(50, CHUNK + 200);

        assertThat(verdicts.right.stream()).hasSize(CHUNK + 200);
        assertThat(check.isWanted(2 * CHUNK)).isFalse();
        assertThat(check.isWanted(2 * CHUNK + 1)).isFalse();
        assertThat(check.isWhole()).isFalse();
        check.onTrusted(CHUNK + 200, 2 * CHUNK);
        assertThat(check.isWhole()).isTrue();
        assertThat(check.root()).isNull();
    }

    @Test
    void whatCameLaterWaitsForItsDigestTrackAlsoInAChunkThatBeganWithTrustedTracks() {
        ManifestCheck check = check(CHUNK);
        check.onTrusted(0, CHUNK - 2);
        int forged = CHUNK - 2;

        check.onTrack(forged, TrackKind.DATA, new byte[32]);
        check.onTrack(CHUNK - 1, kind(CHUNK - 1), digest(CHUNK - 1));

        assertThat(check.isWanted(CHUNK)).isTrue();
        check.onDigestTrack(CHUNK, signed(CHUNK, CHUNK));
        assertThat(verdicts.refused.stream()).containsExactly(forged);
        assertThat(check.isWhole()).isFalse();
        assertThat(check.isRight(CHUNK - 1)).isTrue();
    }

    @Test
    void rangesOverChunksAreJudgedTrackByTrack() {
        int tracks = 2 * CHUNK;
        ManifestCheck check = check(tracks);
        check.onSkipped(0, tracks, TrackKind.ZERO);
        check.onDigestTrack(tracks + 1, signed(tracks + 1, tracks));
        check.onDigestTrack(tracks, signed(tracks, tracks));

        BitSet zero = new BitSet();
        for (int track = 0; track < tracks; track++) {
            zero.set(track, kind(track) == TrackKind.ZERO);
        }
        assertThat(verdicts.right).isEqualTo(zero);
        assertThat(verdicts.refused.cardinality()).isEqualTo(tracks - zero.cardinality());
    }

    @Test
    void noRandomStoryMakesAnythingRightThatTheMasterDidNotSend() {
        SplittableRandom random = new SplittableRandom(5);
        int tracks = CHUNK + 300;
        for (int story = 0; story < 20; story++) {
            RecordedVerdicts told = new RecordedVerdicts();
            ManifestCheck check = new ManifestCheck(
                    tracks,
                    ManifestSignature.ofSlave(
                            PRIMITIVES, SESSION, PRIMITIVES.signing().publicKey(seed)),
                    told);
            BitSet sent = new BitSet();
            for (int step = 0; step < 3_000; step++) {
                int track = random.nextInt(tracks);
                boolean isForged = random.nextInt(3) == 0;
                if (step == 1_000 || step == 2_000) {
                    int digestTrack = tracks + step / 1_000 - 1;
                    check.onDigestTrack(digestTrack, signed(digestTrack, tracks));
                } else if (isForged) {
                    check.onTrack(track, TrackKind.DATA, digest(track + 1 + random.nextInt(50)));
                    if (!check.isRight(track)) {
                        sent.clear(track);
                    }
                } else {
                    take(check, track);
                    sent.set(track);
                }
            }
            BitSet wrong = (BitSet) told.right.clone();
            wrong.andNot(sent);
            assertThat(wrong).as("story %d", story).isEqualTo(new BitSet());
            assertThat(told.right.cardinality()).isGreaterThan(300);
        }
    }

    @Test
    void dIsNotKnownBeforeAllIsRight() {
        ManifestCheck check = check(20);
        check.onDigestTrack(20, signed(20, 20));
        assertThatThrownBy(check::root).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTrackThatIsRefusedAgainAndAgainWillNotComeRight() {
        RefusedTracks refused = new RefusedTracks();
        for (int i = 1; i < RefusedTracks.MOST_TIMES; i++) {
            assertThat(refused.onRefused(3)).isFalse();
            assertThat(refused.onRefused(100 + i)).isFalse();
        }
        assertThat(refused.onRefused(3)).isTrue();
        assertThat(refused.count()).isEqualTo(2 * RefusedTracks.MOST_TIMES - 1);

        refused.onRight(3, 4);
        assertThat(refused.onRefused(3)).isFalse();
    }
}
