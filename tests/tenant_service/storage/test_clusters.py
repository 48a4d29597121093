"""The PostgreSQL server of the tests' own lives as long as they need it."""

import psycopg
import pytest

from tests import clusters


@pytest.mark.postgresql
@pytest.mark.skipif(clusters.programs() is None, reason="PostgreSQL is not installed")
def test_it_lives_on_while_another_pytest_closes_the_folders_of_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    with clusters.cluster() as url:
        for each in tmp_path_factory.getbasetemp().parents:
            if "pytest" in each.name:
                each.chmod(0o700)  # as every pytest does where it starts
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            assert connection.execute("SELECT 1").fetchone() == (1,)
