package org.imgblstr.cli.master.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.geometry.Geometry;
import org.imgblstr.disk.geometry.Region;
import org.imgblstr.disk.geometry.TrackSpace;
import org.imgblstr.protocol.contract.AfterCopy;
import org.imgblstr.protocol.contract.SlaveMachine;
import org.imgblstr.protocol.contract.SlaveName;
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
