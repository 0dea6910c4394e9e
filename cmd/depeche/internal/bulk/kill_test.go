package bulk

const childDirectory = "BULK_TEST_CHILD"

func child() {}
