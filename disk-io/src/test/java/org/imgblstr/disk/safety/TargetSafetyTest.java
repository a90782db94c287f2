package org.imgblstr.disk.safety;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.imgblstr.disk.device.DiskIdentity;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.disk.device.RefusedException.Reason;
import org.imgblstr.disk.device.SystemUse;
import org.imgblstr.disk.device.SystemUse.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetSafetyTest {
    private static final DiskIdentity IDENTITY =
            new DiskIdentity("/dev/sda", "/dev/sda", "Model 7", "S123", 1 << 30, 512, DiskIdentity.Kind.DISK);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void onlyWhatIsFinalResistsForce(Kind kind) throws Exception {
        List<SystemUse> use = List.of(new SystemUse(kind, "/dev/sda1", "/mnt/x", "ext4", true));
        assertThatThrownBy(() -> TargetSafety.decide(IDENTITY, use, false))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE))
                .hasMessageContainingAll("/dev/sda", "Model 7", "serial S123", "1.0 GiB", "To go on: ", "--force");
        if (kind == Kind.SYSTEM || kind == Kind.READ_ONLY || kind == Kind.LOOP_FILE) {
            assertThatThrownBy(() -> TargetSafety.decide(IDENTITY, use, true)).isInstanceOf(RefusedException.class);
        } else {
            assertThat(TargetSafety.decide(IDENTITY, use, true)).hasSize(1);
        }
    }

    @Test
    void aFreeDiskPasses() {
        assertThatCode(() -> TargetSafety.decide(IDENTITY, List.of(), false)).doesNotThrowAnyException();
    }
}
