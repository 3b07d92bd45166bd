<?php
/**
 * A stand-in for the shop around the bridge: registry, settings, an order model and events, just enough to run the
 * installed extension over HTTP. Nothing here is OpenCart's code; it follows what our reference says OpenCart does.
 */
$setup = json_decode(file_get_contents(getenv('HARNESS_SETUP')), true);
define('DB_PREFIX', $setup['prefix']);
define('VERSION', $setup['version']);
define('HTTP_SERVER', 'http://' . $_SERVER['HTTP_HOST'] . '/');
define('DIR_IMAGE', $setup['images'] . '/');
define('DIR_SYSTEM', $setup['extension'] . '/upload/system/');
date_default_timezone_set($setup['timezone']);

if (preg_match('~^/image/~', $_SERVER['REQUEST_URI'])) {
    return false;
}
if (isset($_GET['route']) && $_GET['route'] === 'harness/ready') {
    echo 'ready';
    return true;
}

require __DIR__ . '/stand_ins.php';

$registry = new Registry();
$registry->set('db', new Database($setup));
$registry->set('config', new Config($registry->get('db')));
$registry->set('cache', new Cache($setup['notes']));
$registry->set('log', new Log($setup['notes']));
$registry->set('request', (object)array('get' => $_GET, 'server' => $_SERVER, 'post' => $_POST));
$registry->set('load', new Loader($registry, $setup));

// The real shops print warnings into the page unless told otherwise.
set_error_handler(function ($level, $message) {
    if (error_reporting() & $level) {
        echo '<b>Warning</b>: ' . $message;
    }
    return true;
});

$route = isset($_GET['route']) ? $_GET['route'] : '';
$four = $setup['line'] === 'oc4';
$extension = $setup['extension'];
if ($four) {
    require $extension . '/catalog/controller/api.php';
    require $extension . '/catalog/controller/startup.php';
    require $extension . '/catalog/controller/event.php';
} else {
    require $extension . '/upload/catalog/controller/extension/oms_bridge/api.php';
    require $extension . '/upload/catalog/controller/extension/oms_bridge/event.php';
}
require $four ? $extension . '/system/library/oms_bridge/LineShop.php' : $extension . '/upload/system/library/oms_bridge/LineShop.php';

$rows = $registry->get('db')->query("SELECT 1 AS there FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" . DB_PREFIX . "startup'");
if ($four && $rows->num_rows && $registry->get('db')->query('SELECT 1 FROM `' . DB_PREFIX . "startup` WHERE `code` = 'oms_bridge' AND `status` = 1")->num_rows) {
    (new \Opencart\Catalog\Controller\Extension\OmsBridge\Startup($registry))->index();
}
if (wart('warns_before')) {
    trigger_error('Undefined array key "lang" in someone else\'s extension', E_USER_WARNING);
}
if ($registry->get('config')->get('config_maintenance') && strpos($route, 'harness/') !== 0) {
    http_response_code(503);
    header('Content-Type: text/html');
    echo '<html><body>We are currently performing some scheduled maintenance.</body></html>';
    return true;
}

$bridge = function () use ($registry) {
    return new \OmsBridge\Bridge(new \OmsBridge\LineShop($registry));
};
switch ($route) {
    case 'extension/oms_bridge/api':
        $class = $four ? '\Opencart\Catalog\Controller\Extension\OmsBridge\Api' : 'ControllerExtensionOmsBridgeApi';
        (new $class($registry))->index();
        break;
    case 'harness/install':
        (new \OmsBridge\Install($bridge()))->install();
        break;
    case 'harness/uninstall':
        (new \OmsBridge\Install($bridge()))->uninstall();
        break;
    case 'harness/status':
        // A clerk or a buyer changes an order in the shop itself.
        $registry->get('load')->model('checkout/order');
        $model = $registry->get('model_checkout_order');
        $four ? $model->addHistory((int)$_GET['order_id'], (int)$_GET['status']) : $model->addOrderHistory((int)$_GET['order_id'], (int)$_GET['status']);
        echo '{"success": "done"}';
        break;
    case 'harness/event':
        fire($registry, $setup, $_GET['event'], json_decode($_GET['args'], true), json_decode($_GET['output'], true));
        echo 'page';
        break;
    case 'extension/oms_bridge/event':
        // What a visitor gets who types the address of an event.
        $class = $four ? '\Opencart\Catalog\Controller\Extension\OmsBridge\Event' : 'ControllerExtensionOmsBridgeEvent';
        (new $class($registry))->orderHistory();
        echo 'page';
        break;
    case 'harness/act':
        $page = new \OmsBridge\AdminPage($bridge(), new \OmsBridge\Texts($_GET['language']));
        echo json_encode($_GET['action'] === 'data' ? $page->data($_GET['modify'] === '1') : $page->act($_GET['action'], $_POST, $_GET['modify'] === '1'));
        break;
    default:
        http_response_code(404);
        echo '<html>not found</html>';
}
return true;
