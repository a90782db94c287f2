package org.imgblstr.cli.slave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.imgblstr.cli.common.identity.Identity;
import org.imgblstr.cli.common.identity.Machine;
import org.imgblstr.cli.common.identity.Wish;
import org.imgblstr.cli.common.target.Completion;
import org.imgblstr.disk.device.RefusedException;
import org.imgblstr.protocol.contract.AfterCopy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a slave makes of what its master asks for, beside its own options. */
class EndingTest {
    private static final Supplier<Machine> MACHINE = () -> new Machine(3, "Room 5", "52:54:00:ab:cd:0e", "S1");
    private static final AfterCopy ALL = new AfterCopy("root", true, "lab-{index:02}");

    private static Ending ending(String grow, Wish wish, boolean isSealed) {
        return new Ending(new Completion(grow, new Identity(wish, MACHINE)), MACHINE, false, isSealed);
    }

    private static boolean isRoot() {
        return Identity.lackingRights(false).isEmpty();
    }
}
