package org.imgblstr.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.SessionImage;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.master.slaves.EndedSlave;
import org.imgblstr.protocol.master.tracks.KindMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The result, the words and the state in the progress say the same of a slave that has ended. */
class SlaveViewsTest {
    private static final byte[] MASTERS = digest(1);

    @ParameterizedTest(name = "{0}, {1} missing, errno {2}, same digest {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "COMPLETE      | 0 | 0 | true  | COMPLETE      | ''",
                "COMPLETE      | 0 | 0 | false | VERIFY_FAILED | the content digest of this slave is not the master's, so its disk has other bytes",
                "VERIFY_FAILED | 0 | 0 | false | VERIFY_FAILED | the content digest of this slave is not the master's, so its disk has other bytes",
                "VERIFY_FAILED | 2 | 0 | false | VERIFY_FAILED | 2 tracks incomplete",
                "INCOMPLETE    | 0 | 0 | true  | INCOMPLETE    | the disk has zeros where the source could not be read",
                "INCOMPLETE    | 7 | 0 | true  | INCOMPLETE    | 7 tracks incomplete",
                "DISK_ERROR    | 3 | 5 | true  | DISK_ERROR    | 3 tracks incomplete, errno 5",
                "INTERRUPTED   | 3 | 0 | true  | INTERRUPTED   | 3 tracks incomplete, so image it again",
                "TOO_SLOW      | 3 | 0 | true  | TOO_SLOW      | 3 tracks incomplete, so image it again"
            })
    void whatASlaveSaysIsHeldAgainstItsDigest(
            Result said, int missing, int errno, boolean isSame, Result expected, String message) {
        var slave = EndedSlave.of(said, missing, errno, isSame ? MASTERS : digest(2));
        SlaveResult result = SlaveViews.result(slave, sentTracks(3), MASTERS, 0);
        assertThat(result.result()).isEqualTo(expected);
        assertThat(result.message()).isEqualTo(message);
        assertThat(SlaveViews.progress(slave, sent(new KindMap()), MASTERS, 0).state())
                .isEqualTo(expected == Result.COMPLETE ? "complete" : "gone");
    }

    @Test
    void whatASlaveSaysOfItsDiskIsToldAsItSaidIt() {
        String why = "target /tmp/disk.img: another file has taken its place";
        var whole = EndedSlave.of(Result.DISK_ERROR, 0, 0, MASTERS, why);
        var part = EndedSlave.of(Result.DISK_ERROR, 3, 5, MASTERS, why);
        assertThat(SlaveViews.result(whole, sentTracks(3), MASTERS, 0).message())
                .isEqualTo(why);
        assertThat(SlaveViews.result(whole, sentTracks(3), MASTERS, 0)
                        .counters()
                        .isReadBack())
                .isFalse();
        assertThat(SlaveViews.result(part, sentTracks(3), MASTERS, 0).message())
                .isEqualTo(why + "; 3 tracks incomplete");
    }

    /** The disk has every byte, and something else that was asked for could not be done with it. */
    @Test
    void whatACompleteDiskLacksIsToldAsTheSlaveSaidIt() {
        String why = "every byte of the image is on the disk, but it was not enlarged";
        var grown = EndedSlave.of(Result.INCOMPLETE, 0, 0, MASTERS, why);
        assertThat(SlaveViews.result(grown, sentTracks(3), MASTERS, 0).message())
                .isEqualTo(why);
        var zeros = EndedSlave.of(Result.INCOMPLETE, 0, 0, MASTERS, Words.SOURCE_UNREADABLE + ": 8 sectors");
        assertThat(SlaveViews.result(zeros, sentTracks(3), MASTERS, 0).message())
                .isEqualTo("the disk has zeros where the source could not be read");
    }

    @Test
    void whatWasDoneWithACompleteDiskIsToldAsTheSlaveSaidIt() {
        var named = EndedSlave.of(Result.COMPLETE, 0, 0, MASTERS, "host name lab-01");
        assertThat(SlaveViews.result(named, sentTracks(3), MASTERS, 0).message())
                .isEqualTo("host name lab-01");
        assertThat(SlaveViews.result(named, sentTracks(3), MASTERS, 0).result()).isEqualTo(Result.COMPLETE);
    }

    /** The pass has not come to its end: nothing shows that the slave has what the master has. */
    @Test
    void nobodyIsCompleteBeforeTheMasterKnowsItsOwnDigest() {
        var slave = EndedSlave.of(Result.COMPLETE, 0, 0, MASTERS);
        assertThat(SlaveViews.result(slave, sentTracks(3), new byte[0], 0).result())
                .isEqualTo(Result.VERIFY_FAILED);
        assertThat(SlaveViews.progress(slave, sent(new KindMap()), new byte[0], 0)
                        .state())
                .isEqualTo("gone");
    }

    @Test
    void theTimeOfASlaveIsThatOfItsWork() {
        assertThat(SlaveViews.result(EndedSlave.timed(20_000_000_000L, 28_000_000_000L), sentTracks(3), MASTERS, 0)
                        .seconds())
                .isEqualTo(8.0);
        assertThat(SlaveViews.result(EndedSlave.timed(-1, 28_000_000_000L), sentTracks(3), MASTERS, 0)
                        .seconds())
                .as("one that joined after the start")
                .isEqualTo(28.0);
    }

    @Test
    void aSlaveThatTheSessionLeftBehindHasItsLastFigures() {
        long beganNs = 10_000_000_000L;
        var slave = EndedSlave.underWay(beganNs, 3);
        SlaveResult result = SlaveViews.results(
                        List.of(slave), sentTracks(3), new byte[0], true, beganNs + 5_000_000_000L)
                .get(0);
        assertThat(result.result()).isEqualTo(Result.INCOMPLETE);
        assertThat(result.bytesWritten()).isEqualTo(space().rangeBytes(0, 3)).isPositive();
        assertThat(result.seconds()).isEqualTo(5.0);
        assertThat(result.message())
                .isEqualTo("the session ended before the slave was complete: its disk is written in part, so image it"
                        + " again");
    }

    @Test
    void aSlaveThatWasKickedHasItsLastFigures() {
        var slave = EndedSlave.underWay(0, 3);
        slave.kick(4_000_000_000L);
        SlaveResult result = SlaveViews.result(slave, sentTracks(3), MASTERS, 9_000_000_000L);
        assertThat(result.result()).isEqualTo(Result.KICKED);
        assertThat(result.bytesWritten()).isEqualTo(space().rangeBytes(0, 3));
        assertThat(result.seconds()).isEqualTo(4.0);
        assertThat(result.message()).contains("the operator removed this slave", "written in part");
    }

    @Test
    void nothingWasWrittenWhenTheSessionEndsBeforeTheStart() {
        var slave = EndedSlave.underWay(0, 0);
        SlaveResult result = SlaveViews.results(List.of(slave), sentTracks(3), new byte[0], false, 7_000_000_000L)
                .get(0);
        assertThat(result.bytesWritten()).isZero();
        assertThat(result.seconds()).isZero();
        assertThat(result.message()).contains("nothing was written", "the slave listens again");
    }

    /** A slave of which two tracks were reported looked as if it had got all that was skipped, and the rate of it was a multiple of the real one. */
    @Test
    void whatIsUnusedIsNeitherSentNorDone() {
        KindMap kinds = new KindMap();
        kinds.append(2, TrackKind.DATA);
        SentBytes before = sent(kinds);
        var slave = EndedSlave.underWay(0, 2);
        assertThat(before.sent()).isEqualTo(space().rangeBytes(0, 2));
        kinds.append(1, TrackKind.UNUSED);
        SentBytes after = sent(kinds);
        assertThat(after.sent()).isEqualTo(before.sent());
        assertThat(after.before(3)).isEqualTo(before.sent());
        assertThat(after.doneBy(slave)).isEqualTo(before.sent() - space().rangeBytes(0, 1));
        assertThat(after.doneBy(EndedSlave.underWay(0, 3))).isEqualTo(before.sent());
    }

    /** The table at the end said more than the screen: what was skipped counted as written. */
    @Test
    void whatIsUnusedIsNotWrittenEither() {
        KindMap kinds = new KindMap();
        kinds.append(2, TrackKind.DATA);
        kinds.append(1, TrackKind.UNUSED);
        var slave = EndedSlave.underWay(0, 3);
        slave.kick(4_000_000_000L);
        assertThat(SlaveViews.result(slave, sent(kinds), MASTERS, 0).bytesWritten())
                .isEqualTo(space().rangeBytes(0, 2));
    }

    private static SentBytes sentTracks(int count) {
        KindMap kinds = new KindMap();
        kinds.append(count, TrackKind.DATA);
        return sent(kinds);
    }

    private static SentBytes sent(KindMap kinds) {
        return new SentBytes(new SessionImage(new UUID(0, 1), "", space(), 0), kinds);
    }

    private static byte[] digest(int value) {
        byte[] digest = new byte[32];
        Arrays.fill(digest, (byte) value);
        return digest;
    }

    private static TrackSpace space() {
        return new TrackSpace(Geometry.of(512, 2048), List.of(new Region(0, 0, 2048, "")));
    }
}
