# The camera at the till.
till-camera = Камера
till-camera-close = Закрыть камеру
till-camera-torch = Подсветка
till-camera-choice = Какая камера
till-camera-name = Камера { $n }
till-camera-opening = Открываем камеру
till-camera-looking = Ищем код карты: { $n } с
till-camera-hint = Поднесите телефон ближе и прибавьте яркость экрана
till-camera-denied = Браузер не дал доступ к камере. Введите код или разрешите камеру в настройках сайта
till-camera-missing = Камера не найдена. Введите код или сканируйте его
till-camera-busy = Камера занята другой программой. Закройте её или введите код
till-camera-insecure = Камера работает только по защищённому адресу (https). Введите код
till-camera-failed = Камера не работает. Введите код или откройте её ещё раз
