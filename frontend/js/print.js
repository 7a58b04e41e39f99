// Opens the dialog of the browser on the page that was asked for to print.

print();
