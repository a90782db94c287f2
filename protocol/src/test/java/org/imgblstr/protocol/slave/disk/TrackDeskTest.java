package org.imgblstr.protocol.slave.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import org.imgblstr.codec.CodecChoice;
import org.imgblstr.codec.EncodedTrack;
import org.imgblstr.codec.TrackChecksum;
import org.imgblstr.codec.TrackEncoder;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.device.DeviceException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.track.TrackWriter;
import org.imgblstr.disk.track.Verification;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.repair.DigestTracks;
import org.imgblstr.protocol.repair.SlotPool;
import org.imgblstr.protocol.repair.SymbolStore;
import org.imgblstr.protocol.repair.TrackSlot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TrackDeskTest {
    private static final int TRACKS = 70;

    private final byte[][] raw = new byte[TRACKS][MemoryTarget.RAW_BYTES];
    private final ByteBuffer[] encoded = new ByteBuffer[TRACKS];
    private final List<GivenStore> stores = new ArrayList<>();
    private final SlotPool slots = new SlotPool(TRACKS, EncodedTrack.maxBytes(MemoryTarget.RAW_BYTES), this::newStore);
    private final MemoryTarget target = new MemoryTarget(TRACKS);
    private final RecordedAnswers answers = new RecordedAnswers();
    private final Queue<TrackDesk.Job> jobs = new ArrayDeque<>();
    private TrackDesk desk = new TrackDesk(target, Verification.SAMPLE, 1, jobs, answers);

    /** Text, so that the tracks of each group are links of a chain. */
    @BeforeEach
    void encode() {
        slots.symbolBytes(1024);
        SplittableRandom random = new SplittableRandom(6);
        try (TrackEncoder encoder = TrackEncoder.ofChains(CodecChoice.DEFAULT)) {
            for (int track = 0; track < TRACKS; track++) {
                random.nextBytes(raw[track]);
                for (int i = 0; i < raw[track].length; i++) {
                    raw[track][i] = (byte) ('a' + (raw[track][i] & 7));
                }
                encoded[track] = ByteBuffer.allocate(EncodedTrack.maxBytes(raw[track].length));
                encoder.encode(track, ByteBuffer.wrap(raw[track]), encoded[track]);
            }
        }
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private SymbolStore newStore(int bytes) {
        stores.add(new GivenStore());
        return stores.get(stores.size() - 1);
    }

    /** A slot that holds a track: the test says which bytes. */
    private TrackSlot slot(int track, ByteBuffer content) {
        TrackSlot slot = slots.take(track, 0, 1);
        stores.get(stores.size() - 1).content = content;
        return slot;
    }

    private void write(int track) {
        desk.write(slot(track, encoded[track].duplicate()));
    }

    /** Opens the disk and forgets the answer. */
    private void open() {
        desk.open(target.image, AfterCopy.NOTHING);
        work();
        assertThat(answers.take()).containsExactly("opened");
    }

    /** Does all there is to do. */
    private void work() {
        for (TrackDesk.Job job = desk.next(); job != null; job = desk.next()) {
            desk.perform(job);
        }
    }

    // ---- before the disk is open

    @Test
    void aDiskThatFitsIsChecked() {
        desk.check(target.image);
        work();

        assertThat(answers.take()).containsExactly("checked");
        assertThat(target.done).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RefusedException.Reason.class)
    void aRefusalIsAnAnswerAndEndsNothing(RefusedException.Reason reason) {
        target.refusal = new RefusedException(reason, "mounted");

        desk.check(target.image);
        desk.open(target.image, AfterCopy.NOTHING);
        work();

        String result = reason == RefusedException.Reason.DOES_NOT_FIT ? "DOES_NOT_FIT" : "REFUSED";
        assertThat(answers.take()).containsExactly("refused " + result + " mounted", "refused " + result + " mounted");
        target.refusal = null;
        open();
    }

    @Test
    void aDiskThatCannotBeOpenedIsADiskError() {
        target.failure = new DeviceException("no such device", 6, null);

        desk.open(target.image, AfterCopy.NOTHING);
        work();

        assertThat(answers.take()).containsExactly("disk error 6 no such device");
    }

    // ---- tracks

    @Test
    void aTrackIsWrittenAndReadBackWhenNothingElseWaits() {
        open();

        write(0);
        write(1);
        work();

        assertThat(answers.take()).containsExactly("written 0", "written 1", "verified 0", "verified 1");
        assertThat(target.done).containsExactly("write 0", "write 1", "read 0", "read 1");
        assertThat(target.tracks[1]).isEqualTo(raw[1]);
    }

    @Test
    void noMoreThanSixtyFourTracksWaitForBeingReadBack() {
        open();
        for (int track = 0; track < TRACKS; track++) {
            write(track);
        }

        work();

        int firstRead = target.done.indexOf("read 0");
        assertThat(firstRead).isEqualTo(TrackWriter.MOST_UNVERIFIED);
        assertThat(target.done.indexOf("write 64"))
                .as("all that waits is read in a row")
                .isEqualTo(2 * firstRead);
        assertThat(answers.take()).hasSize(2 * TRACKS);
    }

    @Test
    void nothingIsReadBackWhereTheOperatorDoesNotWantIt() {
        desk.close();
        desk = new TrackDesk(target, Verification.NONE, 1, jobs, answers);
        open();

        write(0);
        work();

        assertThat(answers.take()).containsExactly("written 0");
    }

    @Test
    void aLinkWaitsForTheLinksBeforeIt() {
        open();

        write(2);
        write(1);
        work();
        assertThat(answers.take()).containsExactly("waiting 2 of 0", "waiting 1 of 0");
        write(0);
        work();

        assertThat(answers.take())
                .containsExactly("written 0", "written 1", "written 2", "verified 0", "verified 1", "verified 2");
        assertThat(target.tracks[2]).isEqualTo(raw[2]);
    }

    @Test
    void aLinkThatIsGivenUpIsOfNoUse() {
        open();
        write(1);

        desk.giveUp(1);
        work();

        assertThat(answers.take()).containsExactly("waiting 1 of 0", "useless 1");
        assertThat(target.done).isEmpty();
    }

    @Test
    void aTrackThatDoesNotDecodeIsNotWrittenAndItsFollowersAreOfNoUse() {
        open();
        ByteBuffer damaged = copy(encoded[0]);
        damaged.put(damaged.limit() - 5, (byte) ~damaged.get(damaged.limit() - 5));

        write(1);
        desk.write(slot(0, damaged));
        work();

        assertThat(answers.take()).containsExactly("waiting 1 of 0", "bad 0", "useless 1");
        assertThat(target.done).isEmpty();
    }

    @Test
    void aTrackOfAnotherNumberIsNotWritten() {
        open();

        desk.write(slot(3, encoded[0].duplicate()));
        work();

        assertThat(answers.take()).containsExactly("bad 3");
        assertThat(target.done).isEmpty();
    }

    private static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    @Test
    void aTrackThatReadsBackWrongIsBad() {
        open();
        write(0);
        desk.perform(desk.next());

        target.tracks[0][7]++;
        work();

        assertThat(answers.take()).containsExactly("written 0", "bad on disk 0");
    }

    @Test
    void whatTheDiskFailedAtIsTheLastAnswer() {
        open();
        target.failure = new DeviceException("Input/output error", 5, null);

        write(0);
        desk.skip(1, 1, TrackKind.ZERO);
        desk.sync();
        work();

        assertThat(answers.take()).containsExactly("disk error 5 Input/output error");
    }

    // ---- ranges and digests

    @Test
    void aLongSkipRangeIsAnsweredInSteps() {
        open();

        desk.skip(0, 2500, TrackKind.UNUSED);
        work();

        assertThat(answers.take()).containsExactly("skipped 0+1024", "skipped 1024+1024", "skipped 2048+452");
    }

    @Test
    void aComparisonLetsWritesGoBetweenItsSteps() {
        open();
        for (int track = 0; track < 40; track++) {
            target.tracks[track] = raw[track].clone();
        }
        target.tracks[3][0]++;
        ByteBuffer leaves = ByteBuffer.allocate(40 * DigestTracks.LEAF_BYTES);
        for (int track = 0; track < 40; track++) {
            DigestTracks.put(leaves, TrackKind.DATA, TrackChecksum.of(ByteBuffer.wrap(raw[track])));
        }

        desk.compare(0, 40, leaves.flip());
        write(64);
        work();

        assertThat(answers.take())
                .containsExactly(
                        "compared 0+16 held 15",
                        "written 64",
                        "compared 16+16 held 16",
                        "compared 32+8 held 8",
                        "verified 64");
    }

    @Test
    void aDigestTrackIsDecodedAndOneThatNamesAnUnknownKindIsBad() {
        open();
        ByteBuffer leaves = ByteBuffer.allocate(TRACKS * DigestTracks.LEAF_BYTES);
        for (int track = 0; track < TRACKS; track++) {
            DigestTracks.put(leaves, TrackKind.DATA, track);
        }

        desk.decodeDigests(slot(TRACKS, encodedDigests(leaves)));
        leaves.put(9, (byte) 77);
        desk.decodeDigests(slot(TRACKS, encodedDigests(leaves)));
        work();

        assertThat(answers.take()).containsExactly("digests " + TRACKS, "bad " + TRACKS);
    }

    private static ByteBuffer encodedDigests(ByteBuffer leaves) {
        ByteBuffer out = ByteBuffer.allocate(EncodedTrack.maxBytes(leaves.capacity()));
        try (TrackEncoder encoder = new TrackEncoder(CodecChoice.DEFAULT)) {
            encoder.encode(TRACKS, leaves.duplicate().rewind(), out);
        }
        return out;
    }

    // ---- the end

    /** Nothing may be called synced before the last look, nor while the name stands for another disk. */
    @ParameterizedTest
    @EnumSource(Fate.class)
    void nothingIsSyncedBeforeTheLastLookAndWhileTheNameStandsForAnotherDisk(Fate fate) {
        open();
        write(0);
        work();
        answers.take();

        switch (fate) {
            case FORGETS -> target.forget();
            case IS_REPLACED -> target.isReplaced = true;
            case LACKS -> target.lack = "it was not enlarged";
            case IS_ADAPTED -> target.remark = "host name lab-01";
            case IS_SOUND -> {}
        }
        desk.sync();
        work();

        assertThat(answers.take()).singleElement().asString().contains(fate.answer);
        assertThat(target.done).containsSubsequence("sync", "read 0");
        assertThat(target.done.contains("finish")).isEqualTo(fate.answer.startsWith("synced"));
    }

    private enum Fate {
        IS_SOUND("synced"),
        LACKS("synced, but it was not enlarged"),
        IS_ADAPTED("synced: host name lab-01"),
        FORGETS("does not keep what is written to it"),
        IS_REPLACED("replaced");

        private final String answer;

        Fate(String answer) {
            this.answer = answer;
        }
    }

    /** A slave with a slow disk that is removed had a minute of writes in memory, and did them all before it ended. */
    @Test
    void whatIsQueuedIsNotDoneOnceItIsStopped() {
        open();
        write(0);
        desk.sync();

        desk.stop();
        work();

        assertThat(target.done).isEmpty();
        assertThat(answers.take()).isEmpty();
    }

    @Test
    void aLastLookThatIsStoppedSaysNothing() {
        MemoryTarget stopping = new MemoryTarget(TRACKS) {
            @Override
            public void sync() {
                desk.stop();
            }
        };
        desk.close();
        desk = new TrackDesk(stopping, Verification.FULL, 1, jobs, answers);
        open();
        write(0);
        desk.sync();

        work();

        assertThat(answers.take()).containsExactly("written 0");
    }
}
