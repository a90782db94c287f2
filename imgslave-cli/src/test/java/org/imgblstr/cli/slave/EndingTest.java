package org.imgblstr.cli.slave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
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
    private static final AfterCopy ALL = new AfterCopy("root", true, "lab-{index:02}");

    private static Machine machine() {
        return new Machine(3, "Room 5", "52:54:00:ab:cd:0e", "S1");
    }

    private static Ending ending(String grow, Wish wish, String lack, boolean isSealed) {
        Completion own = new Completion(grow, new Identity(wish, EndingTest::machine));
        return new Ending(own, EndingTest::machine, more -> lack, isSealed);
    }

    private static Ending bare() {
        return ending(null, Wish.NONE, "", true);
    }

    @Test
    void aSlaveWithoutOptionsDoesWhatItIsAskedFor() throws RefusedException {
        Completion done = bare().with(ALL);
        assertThat(done.grow()).isEqualTo("root");
        assertThat(done.own().wish()).isEqualTo(new Wish(true, "lab-{index:02}", List.of()));
        assertThat(done.lack()).isEmpty();
        assertThat(bare().note(ALL, done, true))
                .isEqualTo("the master asks: partition root takes the rest of a longer disk, new identifiers,"
                        + " host name lab-03");
        assertThat(bare().note(ALL, done, false))
                .endsWith("; the disk is not longer than the source, so nothing grows");
    }

    @Test
    void ownOptionsOfAKindCountBeforeThoseOfTheMaster() throws RefusedException {
        Path hook = Path.of("/bin/hook");
        Ending named = ending("", new Wish(false, "pc9", List.of(hook)), "", true);
        Completion done = named.with(ALL);
        assertThat(done.grow()).isEmpty();
        assertThat(done.own().wish()).isEqualTo(new Wish(true, "pc9", List.of(hook)));
        assertThat(named.note(ALL, done, false))
                .endsWith("new identifiers, host name lab-{index:02}; this slave has its own --grow and --hostname,"
                        + " which counts");
        AfterCopy same = new AfterCopy(null, true, null);
        assertThat(ending(null, new Wish(true, null, List.of()), "", true)
                        .with(same)
                        .own()
                        .wish())
                .isEqualTo(new Wish(true, null, List.of()));
    }

    @Test
    void whenNothingIsAskedOwnOptionsAreAll() throws RefusedException {
        Ending named = ending("2", new Wish(true, "pc9", List.of()), "", true);
        Completion done = named.with(AfterCopy.NOTHING);
        assertThat(done).isEqualTo(named.own());
        assertThat(named.note(AfterCopy.NOTHING, done, true)).isEmpty();
        assertThat(named.warnings(AfterCopy.NOTHING, done)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{number}", "-lab", "a..b", "{index:0}", "lab{"})
    void aPatternThatMakesNoNameIsRefusedBeforeAnythingIsWritten(String pattern) {
        assertThatThrownBy(() -> bare().with(new AfterCopy(null, true, pattern)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the master asks for what no slave can do: --hostname: expected")
                .hasMessageEndingWith("; nothing was written");
    }

    @Test
    void aSlaveWithoutRightsTakesEveryByteAndSaysThatTheRestFails() throws RefusedException {
        Wish said = new Wish(false, null, List.of(Path.of("/bin/hook")));
        Ending weak = ending(null, said, "only root may mount what was restored: run as root", true);
        Completion done = weak.with(ALL);
        assertThat(done.grow()).isNull();
        assertThat(done.own().wish()).isEqualTo(said);
        assertThat(done.lack())
                .isEqualTo("it was not adapted as the master asks: only root may mount what was restored: run as root");
        assertThat(weak.warnings(ALL, done)).singleElement().asString().startsWith(done.lack());
        assertThat(weak.with(AfterCopy.NOTHING).lack()).isEmpty();
    }

    @Test
    void aSlaveOfAnOpenSessionDoesNothingThatIsAskedFor() throws RefusedException {
        Ending open = ending(null, Wish.NONE, "", false);
        Completion done = open.with(ALL);
        assertThat(done).isEqualTo(open.own());
        assertThat(open.note(ALL, done, true)).isEmpty();
        assertThat(open.warnings(ALL, done))
                .singleElement()
                .asString()
                .contains("new identifiers", "a slave of an open session does nothing of that");
        assertThat(open.warnings(AfterCopy.NOTHING, done)).isEmpty();
    }
}
