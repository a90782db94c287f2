package org.imgblstr.disk.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Identifiers in texts of real systems. */
class ReferencesTest {
    private static final String ROOT = "0a1b2c3d-1111-4222-8333-abcdefabcdef";
    private static final String NEW_ROOT = "99887766-5555-4444-9333-fedcbafedcba";
    private static final Map<String, String> CHANGES = Map.of(
            ROOT,
            NEW_ROOT,
            "1a2b-3c4d",
            "99EE-88FF",
            "deadbeef-01",
            "cafe0123-01",
            "01d3aabbccddeeff",
            "77FF665544332211");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            UUID=0a1b2c3d-1111-4222-8333-abcdefabcdef / ext4 defaults 0 1 | UUID=99887766-5555-4444-9333-fedcbafedcba / ext4 defaults 0 1
            UUID="0A1B2C3D-1111-4222-8333-ABCDEFABCDEF" | UUID="99887766-5555-4444-9333-FEDCBAFEDCBA"
            /dev/disk/by-uuid/1A2B-3C4D /boot/efi | /dev/disk/by-uuid/99EE-88FF /boot/efi
            search --fs-uuid --set=root 1a2b-3c4d | search --fs-uuid --set=root 99ee-88ff
            root=PARTUUID=deadbeef-01 rw | root=PARTUUID=cafe0123-01 rw
            root=PARTUUID=DEADBEEF-01 rw | root=PARTUUID=CAFE0123-01 rw
            gnulinux-6.1.0-13-amd64-advanced-0a1b2c3d-1111-4222-8333-abcdefabcdef>x | gnulinux-6.1.0-13-amd64-advanced-99887766-5555-4444-9333-fedcbafedcba>x
            dev-disk-by\\x2duuid-0a1b2c3d\\x2d1111\\x2d4222\\x2d8333\\x2dabcdefabcdef.swap | dev-disk-by\\x2duuid-99887766\\x2d5555\\x2d4444\\x2d9333\\x2dfedcbafedcba.swap
            dev-disk-by\\x2duuid-1A2B\\x2d3C4D.mount | dev-disk-by\\x2duuid-99EE\\x2d88FF.mount
            by-uuid-1A2B-3C4D | by-uuid-99EE-88FF
            /dev/disk/by-uuid/01D3AABBCCDDEEFF /win ntfs | /dev/disk/by-uuid/77FF665544332211 /win ntfs
            """)
    void eachWayToNameAnIdentifierIsRewritten(String before, String after) {
        References references = new References(CHANGES.keySet());
        String given = before.replace("\\\\", "\\");
        assertThat(references.rewritten(given, CHANGES)).isEqualTo(after.replace("\\\\", "\\"));
        assertThat(references.in(given)).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "UUID=0a1b2c3d-1111-4222-8333-abcdefabcde0",
        "UUID=f0a1b2c3d-1111-4222-8333-abcdefabcdef",
        "0a1b2c3d-1111-4222-8333-abcdefabcdef0",
        "ffffffff-1a2b-3c4d-8333-abcdefabcdef",
        "x1a2b-3c4d",
        "1a2b-3c4d-5",
        "PARTUUID=deadbeef-011",
        "0deadbeef-01",
        "1a2b 3c4d",
        "801d3aabbccddeeff"
    })
    void whatOnlyLooksLikeOneStays(String text) {
        References references = new References(CHANGES.keySet());
        assertThat(references.rewritten(text, CHANGES)).isEqualTo(text);
        assertThat(references.in(text)).isEmpty();
    }

    @Test
    void anIdentifierThatDoesNotChangeStaysAndIsFound() {
        References references = new References(Set.of(ROOT, "1a2b-3c4d"));
        String text = "UUID=" + ROOT + " UUID=1A2B-3C4D";
        assertThat(references.rewritten(text, Map.of("1a2b-3c4d", "0000-0001")))
                .isEqualTo("UUID=" + ROOT + " UUID=0000-0001");
        assertThat(references.in(text)).containsExactlyInAnyOrder(ROOT, "1a2b-3c4d");
    }

    /** Small and capital letters of LVM's identifiers differ in meaning. */
    @Test
    void anIdentifierOfLvmIsTakenAsItIs() {
        Map<String, String> changes =
                Map.of("nxlyvr-cetm-myzb-8zwi-31g6-hebw-x1plwt", "hdAI0Q-97hi-e4aD-YmBg-hR8n-ReCJ-3c6Vyz");
        References references = new References(changes.keySet());

        assertThat(references.rewritten("--hint='lvmid/NxLyVr-CetM-myzb-8ZWI-31g6-HEbw-x1plWT/dzZYFh'", changes))
                .isEqualTo("--hint='lvmid/hdAI0Q-97hi-e4aD-YmBg-hR8n-ReCJ-3c6Vyz/dzZYFh'");
    }

    @Test
    void newIdentifiersAreNotTakenForOldOnes() {
        Map<String, String> circle = Map.of("aaaa-0001", "AAAA-0002", "aaaa-0002", "AAAA-0001");
        assertThat(new References(circle.keySet()).rewritten("AAAA-0001 AAAA-0002", circle))
                .isEqualTo("AAAA-0002 AAAA-0001");
    }

    @Test
    void withoutIdentifiersNothingIsFound() {
        for (Set<String> none : List.of(Set.<String>of(), Set.of(""))) {
            References references = new References(none);
            assertThat(references.in("UUID=" + ROOT + " $1 \\x2d")).isEmpty();
            assertThat(references.rewritten("a $1 \\x2d", Map.of())).isEqualTo("a $1 \\x2d");
        }
    }
}
