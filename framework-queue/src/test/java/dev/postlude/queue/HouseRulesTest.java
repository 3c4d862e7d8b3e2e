package dev.postlude.queue;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** The plan of this part of the house, as its package-info draws it. */
class HouseRulesTest {
  private static final String HOUSE_NAME = "dev.postlude.queue";
  private static final JavaClasses HOUSE =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(HOUSE_NAME);

  @Test
  void arrowsOnlyPointDownAFloor() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("page")
        .definedBy(HOUSE_NAME + ".page")
        .layer("roof")
        .definedBy(HOUSE_NAME)
        .layer("engine")
        .definedBy(HOUSE_NAME + ".engine")
        .layer("store")
        .definedBy(HOUSE_NAME + ".store")
        .layer("systems")
        .definedBy(HOUSE_NAME + ".handoff.*..")
        .layer("handoff")
        .definedBy(HOUSE_NAME + ".handoff")
        .layer("task")
        .definedBy(HOUSE_NAME + ".task")
        .whereLayer("page")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("roof")
        .mayOnlyBeAccessedByLayers("page")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers("roof")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("roof", "engine")
        .whereLayer("systems")
        .mayOnlyBeAccessedByLayers("roof")
        .whereLayer("handoff")
        .mayOnlyBeAccessedByLayers("roof", "engine", "systems")
        .whereLayer("task")
        .mayNotAccessAnyLayer()
        .check(HOUSE);
  }

  @Test
  void noPackageTakesPartInACycle() {
    slices().assignedFrom(new ByPackage()).should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void noFileTakesPartInACycle() {
    slices().assignedFrom(new ByFile()).should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  void onlyTheEngineKnowsTheScheduler() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE_NAME + ".engine")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.github.kagkarlsson..")
        .because("a library that has one room can be exchanged")
        .check(HOUSE);
  }

  @Test
  void onlyTheStoreKnowsTheDrivers() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE_NAME + ".store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.sqlite..", "org.postgresql..")
        .because("a library that has one room can be exchanged")
        .check(HOUSE);
  }

  @Test
  void onlyTheBrokerKnowsTheClientsOfOtherServers() {
    noClasses()
        .that()
        .resideOutsideOfPackage(HOUSE_NAME + ".handoff.broker")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.rabbitmq..", "redis.clients..")
        .because("they are optional: other classes must load without them")
        .check(HOUSE);
  }

  private static final class ByPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith(HOUSE_NAME)
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the packages of the house";
    }
  }

  /** Every file a slice of its own, nested classes with the one that holds them. */
  private static final class ByFile implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      JavaClass outermost = type;
      while (outermost.getEnclosingClass().isPresent()) {
        outermost = outermost.getEnclosingClass().get();
      }
      return outermost.getPackageName().startsWith(HOUSE_NAME)
          ? SliceIdentifier.of(outermost.getName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "files";
    }
  }
}
