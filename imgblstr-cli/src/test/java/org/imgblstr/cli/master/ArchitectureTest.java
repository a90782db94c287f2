package org.imgblstr.cli.master;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Arrows between modules and packages: docs/architecture.md, section 1. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.imgblstr");

    @Test
    void onlyTheProgramsKnowPicocliLogbackAndJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.imgblstr.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", "com.fasterxml..")
                .check(CLASSES);
    }

    @Test
    void theProgramsKnowNoNettyNoJnaAndNoZstd() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "com.sun.jna..", "com.github.luben..")
                .check(CLASSES);
    }

    @Test
    void thePipelineKnowsNoCommandLineAndNoNetwork() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli.master.pipeline..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "org.imgblstr.protocol..", "org.imgblstr.cli.common..")
                .check(CLASSES);
    }

    @Test
    void whatBothProgramsShareKnowsNeither() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli.common..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.imgblstr.cli.master..", "org.imgblstr.cli.slave..")
                .check(CLASSES);
    }

    @Test
    void theSlaveDoesNotKnowTheMaster() {
        noClasses()
                .that()
                .resideInAPackage("org.imgblstr.cli.slave..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.imgblstr.cli.master..")
                .check(CLASSES);
    }
}
