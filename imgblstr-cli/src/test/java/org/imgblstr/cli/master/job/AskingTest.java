package org.imgblstr.cli.master.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SlaveCounters;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
import org.imgblstr.protocol.contract.SlaveResult;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the options of a master ask of its slaves. */
class AskingTest {
    private static final Wish WISH = new Wish(true, "lab-{index:02}", List.of());

    @TempDir
    private Path folder;

    private static Job job(Mode mode, String grow, Wish wish) {
        return new Job(
                mode,
                mode.usesDisk() ? "/dev/null" : null,
                mode.usesImage() ? Path.of("a.img") : null,
                null,
                grow,
                Remake.NONE,
                wish);
    }

    private static SlaveName slave(int index, String label, String mac) {
        return new SlaveName(index, label, "10.0.0." + index, SlaveMachine.UNKNOWN.withMac(mac));
    }

    private Asking withList(String... lines) throws IOException {
        Path list = Files.write(folder.resolve("names"), List.of(lines));
        return Asking.of(job(Mode.BROADCAST, null, new Wish(true, "@" + list, List.of())), true);
    }

    @ParameterizedTest
    @EnumSource
    void slavesOfASealedSessionAreAskedInEachModeThatHasAny(Mode mode) {
        Asking asking = Asking.of(job(mode, "", WISH), true);
        AfterCopy expected = mode.broadcasts() ? new AfterCopy("", true, "lab-{index:02}") : AfterCopy.NOTHING;
        assertThat(asking.of(slave(1, "pc", ""))).isEqualTo(expected);
        assertThat(asking.clause().contains("is asked for this")).isEqualTo(mode.broadcasts());
    }

    @ParameterizedTest
    @EnumSource(names = {"UPLOAD_BROADCAST", "BROADCAST", "BROADCAST_IMAGE"})
    void inAnOpenSessionNothingCanBeAskedFor(Mode mode) {
        assertThatThrownBy(() -> Asking.of(job(mode, null, WISH), false))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("--new-ids cannot be used together with --open");
        assertThatThrownBy(() -> Asking.of(job(mode, "2", Wish.NONE), false))
                .hasMessageStartingWith("--grow cannot be used together with --open");
        assertThat(Asking.of(job(mode, null, Wish.NONE), false).of(slave(1, "pc", "")))
                .isEqualTo(AfterCopy.NOTHING);
    }

    @Test
    void besideAnOpenSessionTheOwnDiskIsAdaptedAllTheSame() {
        Asking asking = Asking.of(job(Mode.DOWNLOAD_BROADCAST, "", WISH), false);
        assertThat(asking.of(slave(1, "pc", ""))).isEqualTo(AfterCopy.NOTHING);
        assertThat(asking.clause()).contains("is not asked of them");
    }

    @Test
    void aListIsReadHereAndGivesEachMachineItsName() throws IOException {
        Asking asking = withList("52:54:00:12:34:56 = front", "pc2 = back");
        assertThat(asking.of(slave(1, "pc2", "52:54:00:12:34:56")).hostName()).isEqualTo("front");
        assertThat(asking.of(slave(2, "PC2", "")).hostName()).isEqualTo("back");
        assertThat(asking.remark(slave(2, "PC2", ""))).isEmpty();
        SlaveName stranger = slave(3, "pc3", "52:54:00:00:00:03");
        assertThat(asking.of(stranger)).isEqualTo(new AfterCopy(null, true, null));
        assertThat(asking.remark(stranger))
                .startsWith("slave 3 (pc3, 10.0.0.3) keeps the host name of the image: ")
                .endsWith("names has neither its label nor its hardware address 52:54:00:00:00:03");
        assertThat(asking.clause()).contains("new identifiers, the host name that ", "names has");
    }

    private static SlaveResult ended(SlaveName slave, Result result, String message) {
        return new SlaveResult(slave, result, 1, "", 1, message, SlaveCounters.NONE);
    }

    @Test
    void whoKeptTheHostNameOfTheImageIsToldInItsRowAndCounted() throws IOException {
        Asking asking = withList("pc1 = front");
        String kept = "keeps the host name of the image: " + folder.resolve("names") + " does not name it";
        SlaveResult plain = asking.told(ended(slave(2, "pc2", ""), Result.COMPLETE, ""));
        SlaveResult adapted = asking.told(ended(slave(3, "pc3", ""), Result.COMPLETE, "new identifiers"));
        assertThat(plain.message()).isEqualTo(kept);
        assertThat(adapted.message()).isEqualTo("new identifiers; " + kept);
        assertThat(asking.told(adapted)).as("once more").isEqualTo(adapted);

        List<SlaveResult> others = List.of(
                ended(slave(1, "PC1", ""), Result.COMPLETE, "new identifiers; host name front"),
                ended(slave(4, "pc4", ""), Result.LOST, "the slave fell silent"),
                ended(slave(5, "pc5", ""), Result.COMPLETE, "new identifiers; host name own"));
        assertThat(others).allSatisfy(each -> assertThat(asking.told(each)).isEqualTo(each));
        assertThat(asking.unnamed(others)).isEmpty();
        List<SlaveResult> all =
                Stream.concat(others.stream(), Stream.of(plain, adapted)).toList();
        assertThat(asking.unnamed(all))
                .isEqualTo("2 of 5 slaves keep the host name of the image, because " + folder.resolve("names")
                        + " does not name them: slave 2 (pc2, 10.0.0.2), slave 3 (pc3, 10.0.0.3)");
        assertThat(asking.unnamed(List.of(plain)))
                .startsWith("1 of 1 slave keeps the host name of the image, because ")
                .endsWith(" does not name it: slave 2 (pc2, 10.0.0.2)");
    }

    @Test
    void inALargeRoomTheLineNamesTheFirstOfThem() throws IOException {
        Asking asking = withList("pc1 = front");
        List<SlaveResult> room = IntStream.rangeClosed(2, 31)
                .mapToObj(index -> ended(slave(index, "pc" + index, ""), Result.COMPLETE, ""))
                .toList();
        assertThat(asking.unnamed(room))
                .startsWith("30 of 30 slaves keep ")
                .endsWith("slave 21 (pc21, 10.0.0.21) and 10 more");
    }

    @Test
    void withoutAListNobodyKeepsANameThatItShouldHaveLost() {
        SlaveResult end = ended(slave(1, "pc", ""), Result.COMPLETE, "");
        for (Wish wish : List.of(WISH, new Wish(true, null, List.of()))) {
            Asking asking = Asking.of(job(Mode.BROADCAST, null, wish), true);
            assertThat(asking.told(end)).isEqualTo(end);
            assertThat(asking.unnamed(List.of(end))).isEmpty();
        }
    }

    @Test
    void aPlanSaysWhenAllSlavesGetOneName() {
        String same = "all slaves get this one host name";
        assertThat(Asking.of(job(Mode.BROADCAST, null, new Wish(false, "pc", List.of())), true)
                        .clause())
                .contains(same);
        assertThat(Asking.of(job(Mode.BROADCAST, null, new Wish(false, "pc{index}", List.of())), true)
                        .clause())
                .doesNotContain(same);
    }

    @Test
    void whatCannotBeAskedForIsAMistakeAtTheMaster() {
        assertThatThrownBy(() -> Asking.of(job(Mode.BROADCAST, null, new Wish(false, "no_name", List.of())), true))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--hostname: expected");
        String longPattern = "{index:02}".repeat(13);
        assertThatThrownBy(() -> Asking.of(job(Mode.BROADCAST, null, new Wish(false, longPattern, List.of())), true))
                .hasMessageContaining("at most 128 bytes, found 130");
        assertThatThrownBy(() -> Asking.of(job(Mode.BROADCAST, "p".repeat(129), Wish.NONE), true))
                .hasMessageContaining("--grow: expected at most 128 bytes");
        assertThatThrownBy(() -> withList("pc1 = no_name")).hasMessageContaining("line 1");
    }

    @Test
    void onlyTheImageOfAWholeDiskSuits() throws RefusedException {
        Geometry geometry = new Geometry(512, 4, 512, 16L * 4 * 512);
        Asking asking = Asking.of(job(Mode.BROADCAST_IMAGE, "", Wish.NONE), true);
        asking.check(new TrackSpace(geometry, List.of(new Region(0, 0, geometry.totalSectors(), ""))));
        TrackSpace parts = new TrackSpace(geometry, List.of(new Region(1, 2048, 2048, "")));
        assertThatThrownBy(() -> asking.check(parts))
                .hasMessageContaining("a.img: --grow needs the image of a whole disk");
        Asking.of(job(Mode.BROADCAST_IMAGE, null, Wish.NONE), true).check(parts);
    }

    @Test
    void hooksStayAtTheMaster() {
        Wish hook = new Wish(true, null, List.of(Path.of("/bin/true")));
        assertThat(Asking.of(job(Mode.DOWNLOAD_BROADCAST, null, hook), true).clause())
                .endsWith(": new identifiers; hooks run on this machine only");
    }
}
