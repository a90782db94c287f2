package org.imgblstr.cli.master;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Arrows between modules and packages: docs/architecture.md, section 1. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.imgblstr");

    @Test
    void packagesFormNoCircle() {
        slices().matching("org.imgblstr.(**)")
                .should()
                .beFreeOfCycles()
                .because("a package of a circle can be read, tested and replaced only together with the others")
                .check(CLASSES);
    }

    @Test
    void onlyTheProgramsKnowPicocliLogbackAndJackson() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.imgblstr.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("picocli..", "ch.qos.logback..", "com.fasterxml..")
                .because("how a program is called, logs and reports is the business of its command line")
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
                .because("each library has one module that knows it")
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
                .because("a change of one program must not reach the other")
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
                .because("imgslave is shipped without imgblstr")
                .check(CLASSES);
    }

    @Test
    void everyFailureHasAKind() {
        noClasses()
                .that()
                .areNotAssignableTo(IOException.class)
                .should()
                .callConstructor(IOException.class, String.class)
                .orShould()
                .callConstructor(IOException.class, String.class, Throwable.class)
                .orShould()
                .callConstructor(IOException.class, Throwable.class)
                .orShould()
                .callConstructor(IOException.class)
                .because("the exit code and the next step follow from the kind of a failure")
                .check(CLASSES);
    }
}
