"""What is served besides what the original documents."""

EXTRA = {"FetchMediaContent", "DeleteMediaContent", "ListServiceMessage"}
