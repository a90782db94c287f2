package org.imgblstr.cli.common.grow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.imgblstr.disk.filesystem.lvm.LvmLayout;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Logical;
import org.imgblstr.disk.filesystem.lvm.LvmLayout.Piece;
import org.junit.jupiter.api.Test;

/** What is said of an LVM physical volume whose partition grows, and what is left when its tool cannot do its work: no disk is at the place. */
class GroupGrowthTest {
    private static final int MIB = 1 << 20;
    private static final Logical ROOT = new Logical("root", List.of(new Piece(MIB, 40 * MIB)));
    private static final LvmLayout LAYOUT = new LvmLayout(
            "lab",
            "NxLyVr-CetM-myzb-8ZWI-31g6-HEbw-x1plWT",
            "djQTeM-Qajz-N5we-5Ee4-D4ts-BrHj-5PAXEh",
            0,
            List.of(ROOT));

    @Test
    void thePlanNamesTheVolumeThatGrows() {
        assertThat(new GroupGrowth(LAYOUT, ROOT, "xfs", "").text())
                .isEqualTo("the LVM physical volume, logical volume lab/root and its xfs with it");
        assertThat(new GroupGrowth(LAYOUT, null, "", "").text()).contains("but no logical volume");
        GroupGrowth alone = new GroupGrowth(null, null, "", "LVM2: it is shared");
        assertThat(alone.text()).isEqualTo("the LVM physical volume in it does not: LVM2: it is shared");
        assertThat(alone.hasWork()).isFalse();
        assertThat(alone.missingTools()).isEmpty();
    }

    @Test
    void theCommandsThatAreLeftAreNamed() {
        assertThat(new GroupGrowth(LAYOUT, ROOT, "ext4", "").run("partition 4", "/nowhere/sda4", 512))
                .startsWith("partition 4 has grown without its LVM physical volume: lvm ")
                .endsWith("; in the restored system the rest is done by 'pvresize' for that partition,"
                        + " 'lvextend -l +100%FREE lab/root' and 'resize2fs /dev/lab/root'");
        assertThat(new GroupGrowth(LAYOUT, null, "", "").run("partition 4", "/nowhere/sda4", 512))
                .endsWith("; in the restored system the rest is done by 'pvresize' for that partition");
    }
}
