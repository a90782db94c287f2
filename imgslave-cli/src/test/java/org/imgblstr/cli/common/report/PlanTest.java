package org.imgblstr.cli.common.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.imgblstr.cli.common.report.Plan.Action;
import org.imgblstr.cli.common.report.Plan.Step;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void eachStepIsOneLineWhateverItsFileIsCalled() {
        Plan plan = new Plan("mode 1", List.of(new Step(Action.READ, "/a\nplan: b", "file", 1024)));

        assertThat(plan.lines()).hasSize(2).allMatch(line -> line.lines().count() == 1);
        assertThat(plan.lines().get(1)).startsWith("  read      /a").endsWith(", 1.0 KiB (file)");
    }
}
