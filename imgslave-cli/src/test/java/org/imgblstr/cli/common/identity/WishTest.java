package org.imgblstr.cli.common.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What the options ask for. */
class WishTest {
    @Command(name = "slave")
    private static final class Slave {
        @Mixin
        private IdentityOptions identity;

        @Parameters(arity = "0..1")
        private String device;
    }

    private static Slave parsed(List<String> words) {
        Slave slave = new Slave();
        new CommandLine(slave).setExpandAtFiles(false).parseArgs(words.toArray(String[]::new));
        return slave;
    }

    @Test
    void aCommandThatIsShownAsksForTheSame() {
        List<String> given =
                List.of("--hook", "/a b", "--new-ids", "--hostname", "@names", "--hook", "second", "/dev/sda");
        Slave slave = parsed(given);
        assertThat(slave.device).isEqualTo("/dev/sda");
        assertThat(slave.identity.wish())
                .isEqualTo(new Wish(true, "@names", List.of(Path.of("/a b"), Path.of("second"))));
        List<String> shown = new ArrayList<>(slave.identity.wish().words());
        assertThat(parsed(shown).identity.wish()).isEqualTo(slave.identity.wish());
    }

    @Test
    void withoutOptionsADiskStaysACopy() {
        assertThat(parsed(List.of("/dev/sda")).identity.wish()).isEqualTo(Wish.NONE);
        assertThat(Wish.NONE.isNothing()).isTrue();
        assertThat(Wish.NONE.words()).isEmpty();
        assertThat(Wish.NONE.text()).isEmpty();
    }

    @Test
    void aHookAloneLeavesTheDiskAsItIs() {
        Wish hook = new Wish(false, null, List.of(Path.of("x")));
        assertThat(hook.isNothing()).isFalse();
        assertThat(hook.changesDisk()).isFalse();
        assertThat(new Wish(false, "pc1", List.of()).option()).isEqualTo("--hostname");
        assertThat(new Wish(true, "pc1", List.of()).option()).isEqualTo("--new-ids");
    }
}
