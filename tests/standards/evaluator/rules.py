"""All 29 rules, by the evaluator's names without their prefix `fct_`."""

from tests.standards.evaluator.dag import DAG
from tests.standards.evaluator.documentation import DOCUMENTATION
from tests.standards.evaluator.governance import GOVERNANCE
from tests.standards.evaluator.graph import Rule
from tests.standards.evaluator.performance import PERFORMANCE
from tests.standards.evaluator.structure import STRUCTURE
from tests.standards.evaluator.testing import TESTING

RULES: dict[str, Rule] = {
    name: rule
    for rules in (DAG, TESTING, DOCUMENTATION, STRUCTURE, PERFORMANCE, GOVERNANCE)
    for name, rule in rules.rules.items()
}
