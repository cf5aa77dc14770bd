/** The same door, with somebody told of each answer that was read. */
import type { Http, HttpService } from '../http.ts';

/** Signing in and answers that are asked for again are not told. */
export function watchHttp(http: Http, onAnswer: () => void): Http {
  return {
    service(options): HttpService {
      const service = http.service(options);
      return {
        ...service,
        async get(path, schema, get) {
          const answer = await service.get(path, schema, get);
          onAnswer();
          return answer;
        },
        async read(path, get) {
          const answer = await service.read(path, get);
          onAnswer();
          return answer;
        },
      };
    },
  };
}
