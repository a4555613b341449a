Console.WriteLine(await Library.Thumbnails.MakeAsync(new Uri("http://127.0.0.1:8080"), new Uri(args[0]), new Uri(args[1]), CancellationToken.None));
